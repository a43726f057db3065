function layerGradients(W: Tensor[], inputs: Tensor[], slopes: Tensor[], g: Tensor): Tensor[] {
  // The boxed formula: for each layer the whole product, from the loss to that layer.
  return W.map((_, k) => {
    let delta = slopes[W.length - 1].mul(g);
    for (let i = W.length - 1; i > k; i--) delta = slopes[i - 1].mul(W[i].transpose().matmul(delta));
    return delta.outer(inputs[k]);
  });
}
