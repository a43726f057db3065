// hint: This is the local slope alone, 1 or 0. Multiply it by what arrives: downstream = upstream × local.
function reluBackward(G: Tensor, Z: Tensor): Tensor {
  return Z.greater(0).mul(1);
}
