function mlpBackward({ H, Z }: Cache, labels: Tensor, layers: Layer[]): { gradients: Layer[]; dX: Tensor } {
  const below = (G: Tensor, k: number): { gradients: Layer[]; dX: Tensor } => {
    const { dX, dW, db } = affineBackward(G, H[k], layers[k].W);
    if (k === 0) return { gradients: [{ W: dW, b: db }], dX };
    const rest = below(reluBackward(dX, Z[k - 1]), k - 1);
    return { gradients: [...rest.gradients, { W: dW, b: db }], dX: rest.dX };
  };
  return below(softmaxCrossEntropyBackward(Z[layers.length - 1], labels), layers.length - 1);
}
