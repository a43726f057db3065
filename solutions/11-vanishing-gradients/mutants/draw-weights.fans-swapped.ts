// hint: LeCun's and He's rules divide by the number of inputs, because z is a sum over the inputs. You divided by the number of outputs.
type InitRule = "lecun" | "xavier" | "he";

function drawWeights(
  rule: InitRule,
  fanIn: number,
  fanOut: number,
  seed: number,
  distribution: "normal" | "uniform" = "normal",
): Tensor {
  const options = { dtype: "float64" as const, generator: new Generator(seed) };
  const variance = rule === "xavier" ? 2 / (fanIn + fanOut) : (rule === "he" ? 2 : 1) / fanOut;
  if (distribution === "normal") return randn([fanOut, fanIn], options).mul(Math.sqrt(variance));
  const bound = Math.sqrt(3 * variance);
  return uniform([fanOut, fanIn], -bound, bound, options);
}
