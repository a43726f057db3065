// hint: You multiplied by ReLU(Z), the value. Where Z is positive the slope is 1, however large Z is.
function reluBackward(G: Tensor, Z: Tensor): Tensor {
  return G.mul(relu(Z));
}
