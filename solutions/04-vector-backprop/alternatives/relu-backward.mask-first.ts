function reluBackward(G: Tensor, Z: Tensor): Tensor {
  const slope = gradlab.sign(relu(Z));
  return slope.mul(G);
}
