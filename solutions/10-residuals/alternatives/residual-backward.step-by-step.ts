function residualBackward(g: Tensor, cache: BlockCache, block: Block): BlockGradients {
  const dW2 = cache.h.transpose().matmul(g).transpose();
  const dh = block.W2.transpose().matmul(g.transpose()).transpose();
  const mask = cache.h.greater(0);
  const dz = dh.mul(mask);
  const through = dz.matmul(block.W1);
  const dW1 = cache.x.transpose().matmul(dz).transpose();
  return { dW1, dW2, db1: dz.sum([0]), db2: g.sum([0]), dx: through.add(g) };
}
