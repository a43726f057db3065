// hint: The outer product is the wrong way round: δ stands for the rows, the input for the columns, as in W.
function layerGradients(W: Tensor[], inputs: Tensor[], slopes: Tensor[], g: Tensor): Tensor[] {
  const gradients: Tensor[] = [];
  for (let k = W.length - 1; k >= 0; k--) {
    const delta = slopes[k].mul(g);
    gradients.unshift(inputs[k].outer(delta));
    g = W[k].transpose().matmul(delta);
  }
  return gradients;
}
