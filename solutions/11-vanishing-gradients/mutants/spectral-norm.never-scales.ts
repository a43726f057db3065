// hint: Your v grows with every step until it overflows. Divide it by its length each time; only its direction matters.
function spectralNorm(W: Tensor, v: Tensor, steps: number): number {
  for (let step = 0; step < steps; step++) v = W.transpose().matmul(W.matmul(v));
  const length = v.norm().item();
  return length === 0 ? 0 : W.matmul(v).norm().item() / length;
}
