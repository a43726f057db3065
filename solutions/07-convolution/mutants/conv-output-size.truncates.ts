// hint: You rounded towards zero. Below zero that is up: for a window of 5 on 4 inputs with stride 2 it finds a place where there is none.
/** How many places a window has along an axis of `size` inputs: ⌊(W + 2P − D(K − 1) − 1) / S⌋ + 1. */
function outputSize(
  size: number,
  kernel: number,
  { stride = 1, padding = 0, dilation = 1 }: Sliding = {},
): number {
  const span = dilation * (kernel - 1) + 1;
  const places = Math.trunc((size + 2 * padding - span) / stride) + 1;
  if (places < 1) {
    throw new RangeError(`outputSize: the window spans ${span} inputs, the axis has ${size + 2 * padding}.`);
  }
  return places;
}
