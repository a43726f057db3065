function conv2dForward(x: Images, weight: Images, bias: number[], options: Sliding = {}): Images {
  const { stride = 1, padding = 0, dilation = 1 } = options;
  const oH = outputSize(x[0][0].length, weight[0][0].length, options);
  const oW = outputSize(x[0][0][0].length, weight[0][0][0].length, options);
  return eachPlane(x, (plane) => pad2d(plane, padding)).map((image) =>
    weight.map((filter, o) =>
      Array.from({ length: oH }, (_, i) =>
        Array.from({ length: oW }, (_, j) => {
          const products = filter.flatMap((plane, c) =>
            plane.flatMap((row, k) =>
              row.map((w, l) => w * image[c][i * stride + k * dilation][j * stride + l * dilation]),
            ),
          );
          return products.reduce((sum, product) => sum + product) + bias[o];
        }),
      ),
    ),
  );
}
