// hint: The slopes are in each layer's own gradient, but not in what goes on to the layer in front: send Wᵀ δ, not Wᵀ g.
function layerGradients(W: Tensor[], inputs: Tensor[], slopes: Tensor[], g: Tensor): Tensor[] {
  const gradients: Tensor[] = [];
  for (let k = W.length - 1; k >= 0; k--) {
    gradients.unshift(slopes[k].mul(g).outer(inputs[k]));
    g = W[k].transpose().matmul(g);
  }
  return gradients;
}
