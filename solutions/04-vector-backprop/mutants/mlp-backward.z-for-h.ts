// hint: You handed Z of the layer below to affineBackward. What entered layer k is H[k], after the ReLU: dW = Gᵀ H[k].
function mlpBackward({ H, Z }: Cache, labels: Tensor, layers: Layer[]): { gradients: Layer[]; dX: Tensor } {
  const gradients: Layer[] = [];
  let G = softmaxCrossEntropyBackward(Z[Z.length - 1], labels);
  for (let k = layers.length - 1; k >= 0; k--) {
    const { dX, dW, db } = affineBackward(G, k > 0 ? Z[k - 1] : H[0], layers[k].W);
    gradients[k] = { W: dW, b: db };
    G = k > 0 ? reluBackward(dX, Z[k - 1]) : dX;
  }
  return { gradients, dX: G };
}
