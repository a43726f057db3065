interface RunningStats {
  mean: Tensor;
  variance: Tensor;
}

function batchNormTrain(
  x: Tensor,
  gamma: Tensor,
  beta: Tensor,
  running: RunningStats,
  momentum = 0.1,
  eps = 1e-5,
): { y: Tensor; running: RunningStats } {
  const n = x.shape[0];
  if (n <= 1) throw new RangeError(`batchNormTrain needs at least two rows, not ${n}`);
  const mean = x.mean(0);
  const squares = x.sub(mean).pow(2).sum(0);
  const factor = gamma.div(squares.div(n).add(eps).sqrt());
  return {
    y: x.mul(factor).add(beta.sub(mean.mul(factor))),
    running: {
      mean: mean.mul(momentum).add(running.mean.mul(1 - momentum)),
      variance: squares.mul(momentum / (n - 1)).add(running.variance.mul(1 - momentum)),
    },
  };
}
