// hint: You look at one remedy only. Several can be switched on together, in any order.
function layerForward(layer: DeepLayer, h: Tensor, remedies: readonly Remedy[]): Tensor {
  const [remedy] = remedies;
  const normed = remedy === "batchNorm" ? layer.norm.forward(h) : h;
  const active = remedy === "relu" ? normed.relu() : normed.sigmoid();
  const change = layer.linear.forward(active);
  return remedy === "residual" ? h.add(change) : change;
}
