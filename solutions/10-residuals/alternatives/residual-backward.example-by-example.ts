function residualBackward(g: Tensor, cache: BlockCache, block: Block): BlockGradients {
  const sums = { dW1: block.W1.mul(0), db1: block.b1.mul(0), dW2: block.W2.mul(0), db2: block.b2.mul(0) };
  const dx = g.mul(1);
  const D = g.shape[1];
  for (let n = 0; n < g.shape[0]; n++) {
    const [gn, x, z, h] = [g, cache.x, cache.z, cache.h].map((t) => t.slice(n, n + 1));
    const dz = gn.matmul(block.W2).mul(z.greater(0));
    sums.dW1 = sums.dW1.add(dz.transpose().matmul(x));
    sums.db1 = sums.db1.add(dz.reshape([-1]));
    sums.dW2 = sums.dW2.add(gn.transpose().matmul(h));
    sums.db2 = sums.db2.add(gn.reshape([-1]));
    const through = dz.matmul(block.W1);
    for (let i = 0; i < D; i++) dx.data[n * D + i] += through.data[i];
  }
  return { dx, ...sums };
}
