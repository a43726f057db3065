// hint: Multiply swaps: the weight's gradient collects inputs, the input's collects weights. Yours are the other way round.
/** What a convolution sends back: dx as x, dWeight as weight, dBias [C_out]. */
interface ConvGradients {
  dx: Images;
  dWeight: Images;
  dBias: number[];
}

/** From the gradient of the output [N, C_out, H′, W′], those of conv2dForward's x, weight and bias. */
function conv2dBackward(gradient: Images, x: Images, weight: Images, options: Sliding = {}): ConvGradients {
  const { stride = 1, padding = 0, dilation = 1 } = options;
  const [outChannels, inChannels, kH, kW] = sizesOf(weight);
  const [batch, , rows, columns] = sizesOf(gradient);
  const dWeight = newImages(sizesOf(weight));
  const dBias = weight.map(() => 0);
  const padded = eachPlane(x, (plane) => pad2d(plane, padding));
  const dPadded = newImages(sizesOf(padded));
  for (let n = 0; n < batch; n++)
    for (let o = 0; o < outChannels; o++)
      for (let i = 0; i < rows; i++)
        for (let j = 0; j < columns; j++) {
          const slope = gradient[n][o][i][j];
          dBias[o] += slope;
          for (let c = 0; c < inChannels; c++)
            for (let k = 0; k < kH; k++)
              for (let l = 0; l < kW; l++) {
                const [r, q] = [i * stride + k * dilation, j * stride + l * dilation];
                dWeight[o][c][k][l] += slope * weight[o][c][k][l];
                dPadded[n][c][r][q] += slope * padded[n][c][r][q];
              }
        }
  return { dx: eachPlane(dPadded, (plane) => crop2d(plane, padding)), dWeight, dBias };
}
