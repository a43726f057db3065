// hint: dW₁ and dW₂ are transposed: they have the shapes of W₁ and W₂.
/** The gradients of a loss, given g = ∂L/∂y [N, D] and what the forward pass computed. */
function residualBackward(g: Tensor, cache: BlockCache, block: Block): BlockGradients {
  const { x, z, h } = cache;
  const dz = g.matmul(block.W2).mul(z.greater(0));
  return {
    dx: g.add(dz.matmul(block.W1)),
    dW1: x.transpose().matmul(dz),
    db1: dz.sum(0),
    dW2: h.transpose().matmul(g),
    db2: g.sum(0),
  };
}
