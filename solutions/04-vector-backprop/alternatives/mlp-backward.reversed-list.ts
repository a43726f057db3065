function mlpBackward({ H, Z }: Cache, labels: Tensor, layers: Layer[]): { gradients: Layer[]; dX: Tensor } {
  const gradients: Layer[] = [];
  let G = softmaxCrossEntropyBackward(Z.at(-1)!, labels);
  for (const [back, { W }] of [...layers].reverse().entries()) {
    const k = layers.length - 1 - back;
    gradients.unshift({ W: matmul(transpose(G), H[k]), b: G.sum(0) });
    G = matmul(G, W);
    if (k > 0) G = G.mul(H[k].greater(0));
  }
  return { gradients, dX: G };
}
