// hint: Every layer of yours gets the gradient of the loss itself. G has to change on the way: after each layer it is what that layer sends down.
function mlpBackward({ H, Z }: Cache, labels: Tensor, layers: Layer[]): { gradients: Layer[]; dX: Tensor } {
  const gradients: Layer[] = [];
  let G = softmaxCrossEntropyBackward(Z[Z.length - 1], labels);
  for (let k = layers.length - 1; k >= 0; k--) {
    const { dW, db } = affineBackward(G, H[k], layers[k].W);
    gradients[k] = { W: dW, b: db };
  }
  return { gradients, dX: G };
}
