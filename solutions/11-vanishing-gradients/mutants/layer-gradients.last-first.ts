// hint: The list begins with the last layer. You collect from the end: put each gradient at the front of the list, with unshift.
function layerGradients(W: Tensor[], inputs: Tensor[], slopes: Tensor[], g: Tensor): Tensor[] {
  const gradients: Tensor[] = [];
  for (let k = W.length - 1; k >= 0; k--) {
    const delta = slopes[k].mul(g);
    gradients.push(delta.outer(inputs[k]));
    g = W[k].transpose().matmul(delta);
  }
  return gradients;
}
