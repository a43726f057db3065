// hint: At z = 0 this course takes the slope 0: use greater, not greaterEqual.
function reluBackward(G: Tensor, Z: Tensor): Tensor {
  return G.mul(Z.greaterEqual(0));
}
