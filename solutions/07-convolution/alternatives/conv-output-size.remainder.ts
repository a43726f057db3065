const outputSize = (size: number, kernel: number, options: Sliding = {}): number => {
  const stride = options.stride ?? 1;
  const room = size + 2 * (options.padding ?? 0) - ((kernel - 1) * (options.dilation ?? 1) + 1);
  if (room < 0) throw new RangeError(`a window of ${kernel} does not fit into ${size} inputs`);
  return (room - (room % stride)) / stride + 1;
};
