// hint: Your gradients are in reverse order: you push them while going from the last layer to the first. gradients[k] belongs to layers[k].
function mlpBackward({ H, Z }: Cache, labels: Tensor, layers: Layer[]): { gradients: Layer[]; dX: Tensor } {
  const gradients: Layer[] = [];
  let G = softmaxCrossEntropyBackward(Z[Z.length - 1], labels);
  for (let k = layers.length - 1; k >= 0; k--) {
    const { dX, dW, db } = affineBackward(G, H[k], layers[k].W);
    gradients.push({ W: dW, b: db });
    G = k > 0 ? reluBackward(dX, Z[k - 1]) : dX;
  }
  return { gradients, dX: G };
}
