// hint: A uniform distribution on ±a has the variance a²/3. Your bound is the standard deviation; it must be √3 times as large.
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
  if (distribution === "normal") return randn([fanOut, fanIn], options).mul(Math.sqrt(variance));
  const bound = Math.sqrt(variance);
  return uniform([fanOut, fanIn], -bound, bound, options);
}
