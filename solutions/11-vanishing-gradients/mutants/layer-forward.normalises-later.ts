// hint: Batch norm comes first, before the activation. You normalise what the activation has made.
function layerForward(layer: DeepLayer, h: Tensor, remedies: readonly Remedy[]): Tensor {
  const active = remedies.includes("relu") ? h.relu() : h.sigmoid();
  const normed = remedies.includes("batchNorm") ? layer.norm.forward(active) : active;
  const change = layer.linear.forward(normed);
  return remedies.includes("residual") ? h.add(change) : change;
}
