function spectralNorm(W: Tensor, v: Tensor, steps: number): number {
  v = v.div(v.norm());
  let stretch = W.matmul(v).norm().item();
  for (let step = 0; step < steps; step++) {
    if (stretch === 0) return 0;
    const back = W.matmul(v).div(stretch).matmul(W);
    v = back.div(back.norm());
    stretch = W.matmul(v).norm().item();
  }
  return stretch;
}
