// hint: You multiplied by the variance. Numbers of variance 1 times c have the variance c²: multiply by its root.
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
  if (distribution === "normal") return randn([fanOut, fanIn], options).mul(variance);
  const bound = Math.sqrt(3 * variance);
  return uniform([fanOut, fanIn], -bound, bound, options);
}
