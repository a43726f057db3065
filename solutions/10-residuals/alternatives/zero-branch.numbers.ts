function zeroInitBlock(width: number, hidden: number, seed: number): Block {
  const generator = new Generator(seed);
  const W1 = zeros([hidden, width]);
  const std = (2 / width) ** 0.5;
  for (let i = 0; i < W1.size; i++) W1.data[i] = std * generator.normal();
  return { b1: zeros([hidden]), b2: zeros([width]), W1, W2: zeros([width, hidden]) };
}
