// hint: You divided the 1 as well. First divide W + 2P − D(K − 1) − 1 by the stride, then add 1.
/** How many places a window has along an axis of `size` inputs: ⌊(W + 2P − D(K − 1) − 1) / S⌋ + 1. */
function outputSize(
  size: number,
  kernel: number,
  { stride = 1, padding = 0, dilation = 1 }: Sliding = {},
): number {
  const span = dilation * (kernel - 1) + 1;
  const places = Math.floor((size + 2 * padding - span + 1) / stride);
  if (places < 1) {
    throw new RangeError(`outputSize: the window spans ${span} inputs, the axis has ${size + 2 * padding}.`);
  }
  return places;
}
