// hint: The mask has to be 1 where z is positive; you multiply by relu(z) or h itself, which is its value and not its slope.
/** The gradients of a loss, given g = ∂L/∂y [N, D] and what the forward pass computed. */
function residualBackward(g: Tensor, cache: BlockCache, block: Block): BlockGradients {
  const { x, z, h } = cache;
  const dz = g.matmul(block.W2).mul(z.relu());
  return {
    dx: g.add(dz.matmul(block.W1)),
    dW1: dz.transpose().matmul(x),
    db1: dz.sum(0),
    dW2: g.transpose().matmul(h),
    db2: g.sum(0),
  };
}
