// hint: Where Wᵀ W v is the zero vector you divide by its length, 0. Return 0 there.
function spectralNorm(W: Tensor, v: Tensor, steps: number): number {
  for (let step = 0; step < steps; step++) {
    v = W.transpose().matmul(W.matmul(v));
    v = v.div(v.norm().item());
  }
  return W.matmul(v).norm().item() / v.norm().item();
}
