// hint: You went backward through W itself. What arrives at an input comes from all units that it feeds: multiply by the transpose of W.
function layerGradients(W: Tensor[], inputs: Tensor[], slopes: Tensor[], g: Tensor): Tensor[] {
  const gradients: Tensor[] = [];
  for (let k = W.length - 1; k >= 0; k--) {
    const delta = slopes[k].mul(g);
    gradients.unshift(delta.outer(inputs[k]));
    g = W[k].matmul(delta);
  }
  return gradients;
}
