/** What a convolution sends back: dx as x, dWeight as weight, dBias [C_out]. */
interface ConvGradients {
  dx: Images;
  dWeight: Images;
  dBias: number[];
}

function conv2dBackward(gradient: Images, x: Images, weight: Images, options: Sliding = {}): ConvGradients {
  const { stride = 1, padding = 0, dilation = 1 } = options;
  const dWeight = newImages(sizesOf(weight));
  const dBias = weight.map(() => 0);
  // The gradient with its gaps, so that every pixel can look for the windows that read it.
  const [batch, channels, height, width] = sizesOf(x);
  const [outChannels, , kH, kW] = sizesOf(weight);
  const dx = newImages([batch, channels, height, width]);
  const outputAt = (n: number, o: number, i: number, j: number) =>
    i % stride === 0 && j % stride === 0 ? (gradient[n][o][i / stride]?.[j / stride] ?? 0) : 0;
  for (let n = 0; n < batch; n++)
    for (let o = 0; o < outChannels; o++) {
      dBias[o] += gradient[n][o].flat().reduce((a, b) => a + b);
      for (let c = 0; c < channels; c++)
        for (let r = 0; r < height; r++)
          for (let q = 0; q < width; q++)
            for (let k = 0; k < kH; k++)
              for (let l = 0; l < kW; l++) {
                const slope = outputAt(n, o, r + padding - k * dilation, q + padding - l * dilation);
                dx[n][c][r][q] += weight[o][c][k][l] * slope;
                dWeight[o][c][k][l] += x[n][c][r][q] * slope;
              }
    }
  return { dx, dWeight, dBias };
}
