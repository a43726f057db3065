function residualForward(x: Tensor, block: Block): BlockCache {
  const [N, D] = x.shape;
  const H = block.b1.size;
  const [z, h, y] = [x.matmul(block.W1.transpose()).mul(0), x.matmul(block.W1.transpose()).mul(0), x.mul(0)];
  for (let n = 0; n < N; n++) {
    for (let j = 0; j < H; j++) {
      let sum = block.b1.data[j];
      for (let i = 0; i < D; i++) sum += block.W1.data[j * D + i] * x.data[n * D + i];
      z.data[n * H + j] = sum;
      h.data[n * H + j] = sum > 0 ? sum : 0;
    }
    for (let i = 0; i < D; i++) {
      let sum = x.data[n * D + i] + block.b2.data[i];
      for (let j = 0; j < H; j++) sum += block.W2.data[i * H + j] * h.data[n * H + j];
      y.data[n * D + i] = sum;
    }
  }
  return { x, z, h, y };
}
