const receptiveField = (layers: { kernel: number; stride?: number; dilation?: number }[]): number =>
  layers.reduce(
    ({ r, j }, layer) => ({
      r: r + (layer.kernel - 1) * (layer.dilation ?? 1) * j,
      j: j * (layer.stride ?? 1),
    }),
    { r: 1, j: 1 },
  ).r;
