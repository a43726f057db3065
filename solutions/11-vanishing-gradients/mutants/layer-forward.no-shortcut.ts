// hint: With "residual" among the remedies, h is added to the result. You return the result alone.
function layerForward(layer: DeepLayer, h: Tensor, remedies: readonly Remedy[]): Tensor {
  const normed = remedies.includes("batchNorm") ? layer.norm.forward(h) : h;
  const active = remedies.includes("relu") ? normed.relu() : normed.sigmoid();
  const change = layer.linear.forward(active);
  return change;
}
