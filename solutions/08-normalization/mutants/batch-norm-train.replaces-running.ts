// hint: The running statistics are just those of this batch. Mix: (1 − m) of the old ones, m of the new.
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
  if (n < 2) throw new Error("batchNormTrain: one row cannot be normalised by itself");
  const { values, mean, variance } = standardize(x, [0], eps);
  const unbiased = variance.mul(n / (n - 1));
  const mix = (_old: Tensor, batch: Tensor) => batch.squeeze(0);
  const y = values.mul(gamma).add(beta);
  return { y, running: { mean: mix(running.mean, mean), variance: mix(running.variance, unbiased) } };
}
