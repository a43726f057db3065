// hint: Your mask is the wrong way round: gradients pass where Z was positive.
function reluBackward(G: Tensor, Z: Tensor): Tensor {
  return G.mul(Z.less(0));
}
