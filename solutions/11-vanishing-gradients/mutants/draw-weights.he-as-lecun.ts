// hint: ReLU loses half of the mean square, and He's rule makes up for it: 2 / fanIn, not 1 / fanIn.
type InitRule = "lecun" | "xavier" | "he";

function drawWeights(
  rule: InitRule,
  fanIn: number,
  fanOut: number,
  seed: number,
  distribution: "normal" | "uniform" = "normal",
): Tensor {
  const options = { dtype: "float64" as const, generator: new Generator(seed) };
  const variance = rule === "xavier" ? 2 / (fanIn + fanOut) : 1 / fanIn;
  if (distribution === "normal") return randn([fanOut, fanIn], options).mul(Math.sqrt(variance));
  const bound = Math.sqrt(3 * variance);
  return uniform([fanOut, fanIn], -bound, bound, options);
}
