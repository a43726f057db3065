const outputSize = (size: number, kernel: number, options: Sliding = {}): number => {
  const stride = options.stride ?? 1;
  const [axis, span] = [size + 2 * (options.padding ?? 0), (kernel - 1) * (options.dilation ?? 1) + 1];
  const room = axis - span;
  if (room < 0) throw new RangeError(`${axis} inputs are too few for a window that spans ${span}`);
  return (room - (room % stride)) / stride + 1;
};
