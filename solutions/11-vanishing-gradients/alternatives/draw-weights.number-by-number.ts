type InitRule = "lecun" | "xavier" | "he";

function drawWeights(
  rule: InitRule,
  fanIn: number,
  fanOut: number,
  seed: number,
  distribution: "normal" | "uniform" = "normal",
): Tensor {
  const options = { dtype: "float64" as const, generator: new Generator(seed) };
  const variances = { lecun: 1 / fanIn, xavier: 2 / (fanIn + fanOut), he: 2 / fanIn };
  const deviation = Math.sqrt(variances[rule]);
  const { generator } = options;
  const one = () =>
    distribution === "normal" ? generator.normal() : Math.sqrt(12) * (generator.uniform() - 0.5);
  const rows = Array.from({ length: fanOut }, () => Array.from({ length: fanIn }, () => deviation * one()));
  return tensor(rows, { dtype: "float64" });
}
