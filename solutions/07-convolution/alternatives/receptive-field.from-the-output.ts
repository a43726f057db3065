function receptiveField(layers: { kernel: number; stride?: number; dilation?: number }[]): number {
  let width = 1;
  for (const { kernel, stride = 1, dilation = 1 } of [...layers].reverse()) {
    width = (width - 1) * stride + dilation * (kernel - 1) + 1;
  }
  return width;
}
