// hint: All rows of the batch have the same mask. Draw a number for each element: draw(x.shape).
/** Uniform random numbers from [0, 1) in a tensor of the given shape; new ones at each call. */
type Draw = (shape: readonly number[]) => Tensor;

/** Inverted dropout in training. x of any shape, 0 ≤ p < 1 → y and the mask of zeros and ones, both as x. */
function dropoutForward(x: Tensor, p: number, draw: Draw): { y: Tensor; keep: Tensor } {
  const keep = keepMask(draw(x.shape.slice(-1)), p);
  return { y: x.mul(keep).div(1 - p), keep: keep.expand(x.shape) };
}
