function im2col(image: number[][][], kH: number, kW: number, options: Sliding = {}): number[][] {
  const { stride = 1, padding = 0, dilation = 1 } = options;
  const rows = Array.from({ length: outputSize(image[0].length, kH, options) }, (_, i) => i * stride);
  const columns = Array.from({ length: outputSize(image[0][0].length, kW, options) }, (_, j) => j * stride);
  return image.flatMap((channel) => {
    const plane = pad2d(channel, padding);
    const taps = Array.from({ length: kH * kW }, (_, tap) => [Math.floor(tap / kW), tap % kW]);
    return taps.map(([k, l]) =>
      rows.flatMap((r) => columns.map((q) => plane[r + k * dilation][q + l * dilation])),
    );
  });
}

function conv2dByMatrix(x: Images, weight: Images, bias: number[], options: Sliding = {}): Images {
  const [outChannels, , kH, kW] = sizesOf(weight);
  const double = { dtype: "float64" } as const;
  const rows = tensor(
    weight.map((filter) => filter.flat(2)),
    double,
  );
  const shape = [
    outChannels,
    outputSize(x[0][0].length, kH, options),
    outputSize(x[0][0][0].length, kW, options),
  ];
  return x.map((image) => {
    const product = rows
      .matmul(tensor(im2col(image, kH, kW, options), double))
      .add(tensor(bias, double).reshape([-1, 1]));
    return product.reshape(shape).toArray() as number[][][];
  });
}
