// hint: Your mask comes from the gradient: you let positive gradients through. The sign of Z decides; a negative gradient passes like any other.
function reluBackward(G: Tensor, Z: Tensor): Tensor {
  return G.mul(G.greater(0));
}
