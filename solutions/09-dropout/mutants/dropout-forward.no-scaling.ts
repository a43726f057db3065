// hint: What is kept is passed on as it is, so the mean falls to 1 − p of what it was. Divide by 1 − p.
/** Uniform random numbers from [0, 1) in a tensor of the given shape; new ones at each call. */
type Draw = (shape: readonly number[]) => Tensor;

/** Inverted dropout in training. x of any shape, 0 ≤ p < 1 → y and the mask of zeros and ones, both as x. */
function dropoutForward(x: Tensor, p: number, draw: Draw): { y: Tensor; keep: Tensor } {
  const keep = keepMask(draw(x.shape), p);
  return { y: x.mul(keep), keep };
}
