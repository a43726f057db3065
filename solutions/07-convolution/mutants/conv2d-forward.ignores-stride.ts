// hint: You left the stride out: output (i, j) looks at the window with its corner at (i·S, j·S).
/** Convolution: x [N, C_in, H, W], weight [C_out, C_in, K_H, K_W], bias [C_out] → [N, C_out, H′, W′]. */
function conv2dForward(x: Images, weight: Images, bias: number[], options: Sliding = {}): Images {
  const { stride = 1, padding = 0, dilation = 1 } = options;
  const [batch, inChannels, height, width] = sizesOf(x);
  const [outChannels, , kH, kW] = sizesOf(weight);
  const padded = eachPlane(x, (plane) => pad2d(plane, padding));
  const [rows, columns] = [outputSize(height, kH, options), outputSize(width, kW, options)];
  const out = newImages([batch, outChannels, rows, columns]);
  for (let n = 0; n < batch; n++)
    for (let o = 0; o < outChannels; o++)
      for (let i = 0; i < rows; i++)
        for (let j = 0; j < columns; j++) {
          let sum = bias[o];
          for (let c = 0; c < inChannels; c++)
            for (let k = 0; k < kH; k++)
              for (let l = 0; l < kW; l++)
                sum += padded[n][c][i + k * dilation][j + l * dilation] * weight[o][c][k][l];
          out[n][o][i][j] = sum;
        }
  return out;
}
