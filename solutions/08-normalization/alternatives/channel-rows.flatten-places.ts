function toRows(x: Tensor): Tensor {
  const [n, c, h, w] = x.shape;
  return x.reshape([n, c, h * w]).transpose(1, 2).reshape([n * h * w, c]);
}

function fromRows(rows: Tensor, shape: readonly number[]): Tensor {
  const [n, c, h, w] = shape;
  return rows.reshape([n, h * w, c]).transpose(1, 2).reshape([n, c, h, w]);
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
