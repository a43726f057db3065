// hint: Your dX is masked too: no ReLU stands before the first layer, so negative inputs have gradients like any others.
function mlpBackward({ H, Z }: Cache, labels: Tensor, layers: Layer[]): { gradients: Layer[]; dX: Tensor } {
  const gradients: Layer[] = [];
  let G = softmaxCrossEntropyBackward(Z[Z.length - 1], labels);
  for (let k = layers.length - 1; k >= 0; k--) {
    const { dX, dW, db } = affineBackward(G, H[k], layers[k].W);
    gradients[k] = { W: dW, b: db };
    G = reluBackward(dX, H[k]);
  }
  return { gradients, dX: G };
}
