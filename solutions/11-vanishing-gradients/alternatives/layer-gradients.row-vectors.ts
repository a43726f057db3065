function layerGradients(W: Tensor[], inputs: Tensor[], slopes: Tensor[], g: Tensor): Tensor[] {
  // δᵀ W in place of Wᵀ δ, and the outer product as a product of a column and a row.
  const gradients: Tensor[] = new Array(W.length);
  for (let k = W.length - 1; k >= 0; k--) {
    const delta = g.mul(slopes[k]);
    gradients[k] = delta.reshape([delta.size, 1]).mul(inputs[k]);
    g = delta.matmul(W[k]);
  }
  return gradients;
}
