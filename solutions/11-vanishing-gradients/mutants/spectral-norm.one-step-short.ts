// hint: You take one step too few: with steps = 1, v must have gone through W and its transpose once.
function spectralNorm(W: Tensor, v: Tensor, steps: number): number {
  for (let step = 1; step < steps; step++) {
    v = W.transpose().matmul(W.matmul(v));
    const length = v.norm().item();
    if (length === 0) return 0;
    v = v.div(length);
  }
  const length = v.norm().item();
  return length === 0 ? 0 : W.matmul(v).norm().item() / length;
}
