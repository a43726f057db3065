// hint: You applied W again and again. That looks for an eigenvector of W, and fits no matrix that is not square. Alternate: W, then its transpose.
function spectralNorm(W: Tensor, v: Tensor, steps: number): number {
  for (let step = 0; step < steps; step++) {
    v = W.matmul(v);
    const length = v.norm().item();
    if (length === 0) return 0;
    v = v.div(length);
  }
  return W.matmul(v).norm().item() / v.norm().item();
}
