function toRows(x: Tensor): Tensor {
  const [n, c, h, w] = x.shape;
  const rows = new Float64Array(x.size);
  for (let image = 0; image < n; image++)
    for (let channel = 0; channel < c; channel++)
      for (let place = 0; place < h * w; place++)
        rows[(image * h * w + place) * c + channel] = x.data[(image * c + channel) * h * w + place];
  return tensor(rows).reshape([n * h * w, c]);
}

function fromRows(rows: Tensor, shape: readonly number[]): Tensor {
  const [n, c, h, w] = shape;
  const x = new Float64Array(rows.size);
  rows.data.forEach((value, i) => {
    const [row, channel] = [Math.floor(i / c), i % c];
    const [image, place] = [Math.floor(row / (h * w)), row % (h * w)];
    x[(image * c + channel) * h * w + place] = value;
  });
  return tensor(x).reshape([n, c, h, w]);
}

function batchNorm2dTrain(
  x: Tensor,
  gamma: Tensor,
  beta: Tensor,
  start: RunningStats,
): { y: Tensor; running: RunningStats } {
  const { y, running } = batchNormTrain(toRows(x), gamma, beta, start);
  return { y: fromRows(y, x.shape), running };
}
