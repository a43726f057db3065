function zeroInitBlock(width: number, hidden: number, seed: number): Block {
  const W1 = randn([hidden, width], { generator: new Generator(seed), dtype: "float64" }).div(Math.sqrt(width / 2));
  const none = W1.mul(0);
  return { W1, b1: none.sum(1), W2: none.transpose(), b2: none.sum(0) };
}
