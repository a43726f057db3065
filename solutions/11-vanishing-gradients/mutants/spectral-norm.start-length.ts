// hint: The stretch is ‖W v‖ divided by ‖v‖. Without the division, a longer start vector gives a larger answer.
function spectralNorm(W: Tensor, v: Tensor, steps: number): number {
  for (let step = 0; step < steps; step++) {
    v = W.transpose().matmul(W.matmul(v));
    const length = v.norm().item();
    if (length === 0) return 0;
    v = v.div(length);
  }
  return W.matmul(v).norm().item();
}
