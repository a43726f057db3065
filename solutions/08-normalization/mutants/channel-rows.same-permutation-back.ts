// hint: toRows is right. To undo permute([0, 2, 3, 1]) takes another list: axis 1 of the result is axis 3 of the rows' tensor, so [0, 3, 1, 2].
function toRows(x: Tensor): Tensor {
  const [n, c, h, w] = x.shape;
  return x.permute([0, 2, 3, 1]).reshape([n * h * w, c]);
}

function fromRows(rows: Tensor, shape: readonly number[]): Tensor {
  const [n, c, h, w] = shape;
  return rows.reshape([n, h, w, c]).permute([0, 2, 3, 1]);
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
