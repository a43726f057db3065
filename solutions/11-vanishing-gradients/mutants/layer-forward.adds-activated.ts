// hint: The shortcut carries h as it came in. You added it after the activation.
function layerForward(layer: DeepLayer, h: Tensor, remedies: readonly Remedy[]): Tensor {
  const normed = remedies.includes("batchNorm") ? layer.norm.forward(h) : h;
  const active = remedies.includes("relu") ? normed.relu() : normed.sigmoid();
  const change = layer.linear.forward(active);
  return remedies.includes("residual") ? active.add(change) : change;
}
