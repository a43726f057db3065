// hint: With "relu" among the remedies the activation is a ReLU; yours is always a sigmoid.
function layerForward(layer: DeepLayer, h: Tensor, remedies: readonly Remedy[]): Tensor {
  const normed = remedies.includes("batchNorm") ? layer.norm.forward(h) : h;
  const active = normed.sigmoid();
  const change = layer.linear.forward(active);
  return remedies.includes("residual") ? h.add(change) : change;
}
