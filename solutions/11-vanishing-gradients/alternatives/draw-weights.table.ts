type InitRule = "lecun" | "xavier" | "he";

const drawWeights = (
  rule: InitRule,
  fanIn: number,
  fanOut: number,
  seed: number,
  distribution: "normal" | "uniform" = "normal",
): Tensor => {
  const deviation = { lecun: fanIn ** -0.5, xavier: ((fanIn + fanOut) / 2) ** -0.5, he: (fanIn / 2) ** -0.5 }[rule];
  const generator = new Generator(seed);
  const shape = [fanOut, fanIn];
  const standard =
    distribution === "uniform"
      ? uniform(shape, -1, 1, { generator, dtype: "float64" }).mul(Math.sqrt(3))
      : randn(shape, { generator, dtype: "float64" });
  return standard.mul(deviation);
};
