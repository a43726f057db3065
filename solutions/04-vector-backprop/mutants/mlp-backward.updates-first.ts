// hint: You changed the weights before using them to go on. All gradients belong to the weights of the forward pass; the step of training comes afterwards.
function mlpBackward({ H, Z }: Cache, labels: Tensor, layers: Layer[]): { gradients: Layer[]; dX: Tensor } {
  const gradients: Layer[] = [];
  let G = softmaxCrossEntropyBackward(Z[Z.length - 1], labels);
  for (let k = layers.length - 1; k >= 0; k--) {
    const { dW, db } = affineBackward(G, H[k], layers[k].W);
    gradients[k] = { W: dW, b: db };
    const { dX } = affineBackward(G, H[k], layers[k].W.sub(dW.mul(0.1)));
    G = k > 0 ? reluBackward(dX, Z[k - 1]) : dX;
  }
  return { gradients, dX: G };
}
