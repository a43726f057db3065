// hint: The first layer has no gradients: the loop has to run down to k = 0.
function mlpBackward({ H, Z }: Cache, labels: Tensor, layers: Layer[]): { gradients: Layer[]; dX: Tensor } {
  const gradients: Layer[] = [];
  let G = softmaxCrossEntropyBackward(Z[Z.length - 1], labels);
  for (let k = layers.length - 1; k > 0; k--) {
    const { dX, dW, db } = affineBackward(G, H[k], layers[k].W);
    gradients[k] = { W: dW, b: db };
    G = reluBackward(dX, Z[k - 1]);
  }
  return { gradients, dX: G };
}
