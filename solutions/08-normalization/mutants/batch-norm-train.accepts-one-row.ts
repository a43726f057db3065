// hint: A batch of one row has to be refused: x̂ would be 0 whatever x is, and N/(N − 1) is no number. Throw an error if x.shape[0] < 2.
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
  const { values, mean, variance } = standardize(x, [0], eps);
  const unbiased = variance.mul(n / (n - 1));
  const mix = (old: Tensor, batch: Tensor) => old.mul(1 - momentum).add(batch.squeeze(0).mul(momentum));
  const y = values.mul(gamma).add(beta);
  return { y, running: { mean: mix(running.mean, mean), variance: mix(running.variance, unbiased) } };
}
