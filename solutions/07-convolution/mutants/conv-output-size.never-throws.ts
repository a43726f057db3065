// hint: The sizes are right, but where no window fits you return them, too. Throw a RangeError if the result is below 1.
/** How many places a window has along an axis of `size` inputs: ⌊(W + 2P − D(K − 1) − 1) / S⌋ + 1. */
function outputSize(
  size: number,
  kernel: number,
  { stride = 1, padding = 0, dilation = 1 }: Sliding = {},
): number {
  const span = dilation * (kernel - 1) + 1;
  const places = Math.floor((size + 2 * padding - span) / stride) + 1;

  return places;
}
