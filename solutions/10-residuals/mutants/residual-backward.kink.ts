// hint: Where z is exactly 0 your ReLU lets the gradient through. The course takes the slope 0 there: greater, not greaterEqual.
/** The gradients of a loss, given g = ∂L/∂y [N, D] and what the forward pass computed. */
function residualBackward(g: Tensor, cache: BlockCache, block: Block): BlockGradients {
  const { x, z, h } = cache;
  const dz = g.matmul(block.W2).mul(z.greaterEqual(0));
  return {
    dx: g.add(dz.matmul(block.W1)),
    dW1: dz.transpose().matmul(x),
    db1: dz.sum(0),
    dW2: g.transpose().matmul(h),
    db2: g.sum(0),
  };
}
