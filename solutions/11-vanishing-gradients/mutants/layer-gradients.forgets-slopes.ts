// hint: The slopes of the activations are missing: δ = slopes · g, before anything else happens in a layer.
function layerGradients(W: Tensor[], inputs: Tensor[], slopes: Tensor[], g: Tensor): Tensor[] {
  const gradients: Tensor[] = [];
  for (let k = W.length - 1; k >= 0; k--) {
    gradients.unshift(g.outer(inputs[k]));
    g = W[k].transpose().matmul(g);
  }
  return gradients;
}
