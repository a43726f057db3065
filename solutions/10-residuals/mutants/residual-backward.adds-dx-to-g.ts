// hint: The parameters of the branch get the gradient of y. You passed the gradient of x on to W₂, which counts the branch twice.
/** The gradients of a loss, given g = ∂L/∂y [N, D] and what the forward pass computed. */
function residualBackward(g: Tensor, cache: BlockCache, block: Block): BlockGradients {
  const { x, z, h } = cache;
  const dz = g.matmul(block.W2).mul(z.greater(0));
  return {
    dx: g.add(dz.matmul(block.W1)),
    dW1: dz.transpose().matmul(x),
    db1: dz.sum(0),
    dW2: g.add(dz.matmul(block.W1)).transpose().matmul(h),
    db2: g.add(dz.matmul(block.W1)).sum(0),
  };
}
