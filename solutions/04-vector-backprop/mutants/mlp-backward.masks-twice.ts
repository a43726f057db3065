// hint: The ReLU is done twice over, once with the mask and once with the value: reluBackward(dX, Z[k − 1]) is all there is to it.
function mlpBackward({ H, Z }: Cache, labels: Tensor, layers: Layer[]): { gradients: Layer[]; dX: Tensor } {
  const gradients: Layer[] = [];
  let G = softmaxCrossEntropyBackward(Z[Z.length - 1], labels);
  for (let k = layers.length - 1; k >= 0; k--) {
    const { dX, dW, db } = affineBackward(G, H[k], layers[k].W);
    gradients[k] = { W: dW, b: db };
    G = k > 0 ? reluBackward(dX.mul(H[k]), Z[k - 1]) : dX;
  }
  return { gradients, dX: G };
}
