// hint: You activate after the linear layer. In this net the activation comes before it: W f(N(h)) + b.
function layerForward(layer: DeepLayer, h: Tensor, remedies: readonly Remedy[]): Tensor {
  const normed = remedies.includes("batchNorm") ? layer.norm.forward(h) : h;
  const sum = layer.linear.forward(normed);
  const change = remedies.includes("relu") ? sum.relu() : sum.sigmoid();
  return remedies.includes("residual") ? h.add(change) : change;
}
