function layerGradients(W: Tensor[], inputs: Tensor[], slopes: Tensor[], g: Tensor): Tensor[] {
  if (W.length === 0) return [];
  const last = W.length - 1;
  const delta = slopes[last].mul(g);
  const before = layerGradients(
    W.slice(0, last),
    inputs.slice(0, last),
    slopes.slice(0, last),
    W[last].transpose().matmul(delta),
  );
  return [...before, delta.outer(inputs[last])];
}
