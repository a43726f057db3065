// hint: The shape is the wrong way round: a weight matrix is [fanOut, fanIn], one row per output.
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
  if (distribution === "normal") return randn([fanIn, fanOut], options).mul(Math.sqrt(variance));
  const bound = Math.sqrt(3 * variance);
  return uniform([fanIn, fanOut], -bound, bound, options);
}
