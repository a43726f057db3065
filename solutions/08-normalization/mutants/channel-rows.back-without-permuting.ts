// hint: toRows is right. On the way back, the rows are [N, H, W, C] in storage: reshape to that, then permute the channels to axis 1.
function toRows(x: Tensor): Tensor {
  const [n, c, h, w] = x.shape;
  return x.permute([0, 2, 3, 1]).reshape([n * h * w, c]);
}

function fromRows(rows: Tensor, shape: readonly number[]): Tensor {
  const [n, c, h, w] = shape;
  return rows.reshape([n, c, h, w]);
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
