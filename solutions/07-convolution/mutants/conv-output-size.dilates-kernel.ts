// hint: You took D·K as the span. Between K weights there are K − 1 gaps, so they span D(K − 1) + 1.
/** How many places a window has along an axis of `size` inputs: ⌊(W + 2P − D(K − 1) − 1) / S⌋ + 1. */
function outputSize(
  size: number,
  kernel: number,
  { stride = 1, padding = 0, dilation = 1 }: Sliding = {},
): number {
  const span = dilation * kernel;
  const places = Math.floor((size + 2 * padding - span) / stride) + 1;
  if (places < 1) {
    throw new RangeError(`outputSize: the window spans ${span} inputs, the axis has ${size + 2 * padding}.`);
  }
  return places;
}
