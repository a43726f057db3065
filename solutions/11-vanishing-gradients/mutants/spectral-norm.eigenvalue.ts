// hint: This is the largest eigenvalue of WᵀW, the square of the answer. At the end measure ‖W v‖, not ‖WᵀW v‖.
function spectralNorm(W: Tensor, v: Tensor, steps: number): number {
  for (let step = 0; step < steps; step++) {
    v = W.transpose().matmul(W.matmul(v));
    const length = v.norm().item();
    if (length === 0) return 0;
    v = v.div(length);
  }
  return W.transpose().matmul(W.matmul(v)).norm().item() / v.norm().item();
}
