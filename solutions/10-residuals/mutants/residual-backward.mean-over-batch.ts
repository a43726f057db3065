// hint: Parameters get the sum over the examples. You divided by their number; a 1/N, if there is one, is already in g.
/** The gradients of a loss, given g = ∂L/∂y [N, D] and what the forward pass computed. */
function residualBackward(g: Tensor, cache: BlockCache, block: Block): BlockGradients {
  const { x, z, h } = cache;
  const dz = g.matmul(block.W2).mul(z.greater(0));
  return {
    dx: g.add(dz.matmul(block.W1)),
    dW1: dz.transpose().matmul(x).div(x.shape[0]),
    db1: dz.mean(0),
    dW2: g.transpose().matmul(h).div(x.shape[0]),
    db2: g.mean(0),
  };
}
