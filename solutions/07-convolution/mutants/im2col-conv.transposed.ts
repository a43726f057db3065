// hint: Your matrix lies on its side: a column is a window, a row is one position within all windows.
/** The windows of an image [C, H, W] as columns: [C · kH · kW, H′ · W′]. */
function im2col(image: number[][][], kH: number, kW: number, options: Sliding = {}): number[][] {
  const { stride = 1, padding = 0, dilation = 1 } = options;
  const [height, width] = [image[0].length, image[0][0].length];
  const columns: number[][] = [];
  const [oH, oW] = [outputSize(height, kH, options), outputSize(width, kW, options)];
  const padded = image.map((plane) => pad2d(plane, padding));
  for (const plane of padded)
    for (let k = 0; k < kH; k++)
      for (let l = 0; l < kW; l++) {
        const row: number[] = [];
        for (let i = 0; i < oH; i++)
          for (let j = 0; j < oW; j++) row.push(plane[i * stride + k * dilation][j * stride + l * dilation]);
        columns.push(row);
      }
  return columns[0].map((_, at) => columns.map((row) => row[at]));
}

/** The same as conv2dForward, by one matrix product for each image. */
function conv2dByMatrix(x: Images, weight: Images, bias: number[], options: Sliding = {}): Images {
  const [, , , width] = sizesOf(x);
  const [, , kH, kW] = sizesOf(weight);
  return x.map((image) => {
    const columns = im2col(image, kH, kW, options);
    return weight.map((filter, o) => {
      const row = filter.flat(2);
      const list = columns.map((_, place) =>
        row.reduce((sum, value, tap) => sum + value * columns[place][tap], bias[o]),
      );
      return inRows(list, outputSize(width, kW, options));
    });
  });
}
