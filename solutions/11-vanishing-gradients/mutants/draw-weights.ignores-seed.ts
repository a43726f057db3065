// hint: Every seed gives the same weights: make the generator from the seed you are given.
type InitRule = "lecun" | "xavier" | "he";

function drawWeights(
  rule: InitRule,
  fanIn: number,
  fanOut: number,
  seed: number,
  distribution: "normal" | "uniform" = "normal",
): Tensor {
  const options = { dtype: "float64" as const, generator: new Generator(0) };
  const variance = rule === "xavier" ? 2 / (fanIn + fanOut) : (rule === "he" ? 2 : 1) / fanIn;
  if (distribution === "normal") return randn([fanOut, fanIn], options).mul(Math.sqrt(variance));
  const bound = Math.sqrt(3 * variance);
  return uniform([fanOut, fanIn], -bound, bound, options);
}
