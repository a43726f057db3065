function conv2dForward(x: Images, weight: Images, bias: number[], options: Sliding = {}): Images {
  const { stride = 1, padding = 0, dilation = 1 } = options;
  const [batch, channels, height, width] = sizesOf(x);
  const [outChannels, , kH, kW] = sizesOf(weight);
  const out = newImages([
    batch,
    outChannels,
    outputSize(height, kH, options),
    outputSize(width, kW, options),
  ]);
  // One weight at a time, added to all the places that use it; no padded copy.
  for (let o = 0; o < outChannels; o++)
    for (let c = 0; c < channels; c++)
      for (let k = 0; k < kH; k++)
        for (let l = 0; l < kW; l++)
          out.forEach((maps, n) =>
            maps[o].forEach((row, i) => {
              const source = x[n][c][i * stride + k * dilation - padding];
              for (let j = 0; j < row.length; j++)
                row[j] += (source?.[j * stride + l * dilation - padding] ?? 0) * weight[o][c][k][l];
            }),
          );
  return out.map((maps) => maps.map((map, o) => map.map((row) => row.map((value) => value + bias[o]))));
}
