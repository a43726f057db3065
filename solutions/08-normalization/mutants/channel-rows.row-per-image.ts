// hint: You made a row per image, with all its numbers. A row is one place of an image: shape [N·H·W, C].
function toRows(x: Tensor): Tensor {
  const [n, c, h, w] = x.shape;
  return x.reshape([n, c * h * w]);
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
