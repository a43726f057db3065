// hint: The gradient passes all layers without being masked: between two layers stands a ReLU, and on the way back its mask is missing.
function mlpBackward({ H, Z }: Cache, labels: Tensor, layers: Layer[]): { gradients: Layer[]; dX: Tensor } {
  const gradients: Layer[] = [];
  let G = softmaxCrossEntropyBackward(Z[Z.length - 1], labels);
  for (let k = layers.length - 1; k >= 0; k--) {
    const { dX, dW, db } = affineBackward(G, H[k], layers[k].W);
    gradients[k] = { W: dW, b: db };
    G = dX;
  }
  return { gradients, dX: G };
}
