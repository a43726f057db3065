function residualForward(x: Tensor, block: Block): BlockCache {
  const z = block.W1.matmul(x.transpose()).transpose().add(block.b1);
  const h = z.mul(z.greater(0));
  const F = block.W2.matmul(h.transpose()).transpose();
  return { y: F.add(x).add(block.b2), h, z, x };
}
