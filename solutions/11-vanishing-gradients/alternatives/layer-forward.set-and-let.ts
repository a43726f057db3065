function layerForward(layer: DeepLayer, h: Tensor, remedies: readonly Remedy[]): Tensor {
  const on = new Set(remedies);
  let value = h;
  if (on.has("batchNorm")) value = layer.norm.forward(value);
  value = on.has("relu") ? value.maximum(0) : value.neg().exp().add(1).pow(-1);
  value = layer.linear.forward(value);
  if (on.has("residual")) value = value.add(h);
  return value;
}
