function reluBackward(G: Tensor, Z: Tensor): Tensor {
  return gradlab.where(Z.greater(0), G, 0);
}
