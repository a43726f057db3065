// Number by number.
/** Uniform random numbers from [0, 1) in a tensor of the given shape; new ones at each call. */
type Draw = (shape: readonly number[]) => Tensor;

/** Inverted dropout in training. x of any shape, 0 ≤ p < 1 → y and the mask of zeros and ones, both as x. */
function dropoutForward(x: Tensor, p: number, draw: Draw): { y: Tensor; keep: Tensor } {
  const u = draw(x.shape).data;
  const like = (values: number[]) => tensor(values, { dtype: x.dtype as "float64" }).reshape(x.shape);
  const mask = Array.from(u, (value) => (value < p ? 0 : 1));
  return { y: like(mask.map((bit, i) => (bit * x.data[i]) / (1 - p))), keep: like(mask) };
}
