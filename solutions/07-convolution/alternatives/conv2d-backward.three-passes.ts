/** What a convolution sends back: dx as x, dWeight as weight, dBias [C_out]. */
interface ConvGradients {
  dx: Images;
  dWeight: Images;
  dBias: number[];
}

function conv2dBackward(gradient: Images, x: Images, weight: Images, options: Sliding = {}): ConvGradients {
  const { stride = 1, padding = 0, dilation = 1 } = options;
  const dBias = weight.map((_, o) =>
    gradient.reduce((sum, maps) => sum + maps[o].flat().reduce((a, b) => a + b), 0),
  );
  const pixel = (n: number, c: number, r: number, q: number) => x[n][c][r]?.[q] ?? 0;
  const dWeight = weight.map((filter, o) =>
    filter.map((plane, c) =>
      plane.map((row, k) =>
        row.map((_, l) => {
          let sum = 0;
          gradient.forEach((maps, n) =>
            maps[o].forEach((slopes, i) =>
              slopes.forEach((slope, j) => {
                sum +=
                  slope *
                  pixel(n, c, i * stride + k * dilation - padding, j * stride + l * dilation - padding);
              }),
            ),
          );
          return sum;
        }),
      ),
    ),
  );
  const dx = newImages(sizesOf(x));
  gradient.forEach((maps, n) =>
    maps.forEach((map, o) =>
      weight[o].forEach((plane, c) =>
        map.forEach((slopes, i) =>
          slopes.forEach((slope, j) =>
            plane.forEach((row, k) =>
              row.forEach((w, l) => {
                const target = dx[n][c][i * stride + k * dilation - padding];
                const q = j * stride + l * dilation - padding;
                if (target?.[q] !== undefined) target[q] += w * slope;
              }),
            ),
          ),
        ),
      ),
    ),
  );
  return { dx, dWeight, dBias };
}
