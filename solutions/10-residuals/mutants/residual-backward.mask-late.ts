// hint: The mask comes too late: db₁ and dW₁ are of dZ, after the ReLU's slope, not of dH.
/** The gradients of a loss, given g = ∂L/∂y [N, D] and what the forward pass computed. */
function residualBackward(g: Tensor, cache: BlockCache, block: Block): BlockGradients {
  const { x, z, h } = cache;
  const dz = g.matmul(block.W2).mul(z.greater(0));
  return {
    dx: g.add(dz.matmul(block.W1)),
    dW1: g.matmul(block.W2).transpose().matmul(x),
    db1: g.matmul(block.W2).sum(0),
    dW2: g.transpose().matmul(h),
    db2: g.sum(0),
  };
}
