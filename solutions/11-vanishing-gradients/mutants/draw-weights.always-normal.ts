// hint: You draw from the normal distribution, whatever is asked for. With "uniform" no number may lie beyond the bound.
type InitRule = "lecun" | "xavier" | "he";

function drawWeights(
  rule: InitRule,
  fanIn: number,
  fanOut: number,
  seed: number,
  distribution: "normal" | "uniform" = "normal",
): Tensor {
  const options = { dtype: "float64" as const, generator: new Generator(seed) };
  const variance = rule === "xavier" ? 2 / (fanIn + fanOut) : (rule === "he" ? 2 : 1) / fanIn;
  return randn([fanOut, fanIn], options).mul(Math.sqrt(variance));
}
