function layerForward(layer: DeepLayer, h: Tensor, remedies: readonly Remedy[]): Tensor {
  const has = (name: Remedy) => remedies.indexOf(name) !== -1;
  const N = has("batchNorm") ? (x: Tensor) => layer.norm.forward(x) : (x: Tensor) => x;
  const f = has("relu") ? (x: Tensor) => x.relu() : (x: Tensor) => x.sigmoid();
  const branch = layer.linear.forward(f(N(h)));
  return has("residual") ? branch.add(h) : branch.mul(1);
}
