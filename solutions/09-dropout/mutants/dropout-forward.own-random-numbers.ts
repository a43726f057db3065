// hint: The random numbers do not come from draw. Without it a run cannot be repeated from its seed.
/** Uniform random numbers from [0, 1) in a tensor of the given shape; new ones at each call. */
type Draw = (shape: readonly number[]) => Tensor;

/** Inverted dropout in training. x of any shape, 0 ≤ p < 1 → y and the mask of zeros and ones, both as x. */
function dropoutForward(x: Tensor, p: number, draw: Draw): { y: Tensor; keep: Tensor } {
  const generator = new gradlab.Generator(0);
  const numbers = Array.from({ length: x.size }, () => generator.uniform());
  const keep = keepMask(tensor(numbers).reshape(x.shape), p);
  return { y: x.mul(keep).div(1 - p), keep };
}
