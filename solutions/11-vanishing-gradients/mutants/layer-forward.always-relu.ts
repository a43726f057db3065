// hint: Without "relu" among the remedies the activation is a sigmoid; yours is always a ReLU.
function layerForward(layer: DeepLayer, h: Tensor, remedies: readonly Remedy[]): Tensor {
  const normed = remedies.includes("batchNorm") ? layer.norm.forward(h) : h;
  const active = normed.relu();
  const change = layer.linear.forward(active);
  return remedies.includes("residual") ? h.add(change) : change;
}
