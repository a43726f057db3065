function outputSize(
  size: number,
  kernel: number,
  { stride = 1, padding = 0, dilation = 1 }: Sliding = {},
): number {
  let count = 0;
  const last = size + 2 * padding - 1 - dilation * (kernel - 1);
  for (let start = 0; start <= last; start += stride) count++;
  if (count === 0)
    throw new RangeError(
      `a window of ${dilation * (kernel - 1) + 1} in ${last + dilation * (kernel - 1) + 1}`,
    );
  return count;
}
