// hint: You masked the scores: behind the last layer stands no ReLU. The ReLU below layer k belongs to Z[k − 1], and its mask comes after the step through layer k.
function mlpBackward({ H, Z }: Cache, labels: Tensor, layers: Layer[]): { gradients: Layer[]; dX: Tensor } {
  const gradients: Layer[] = [];
  let G = softmaxCrossEntropyBackward(Z[Z.length - 1], labels);
  for (let k = layers.length - 1; k >= 0; k--) {
    const { dX, dW, db } = affineBackward(reluBackward(G, Z[k]), H[k], layers[k].W);
    gradients[k] = { W: dW, b: db };
    G = dX;
  }
  return { gradients, dX: G };
}
