// hint: The running statistics you were given have been changed. Return new ones and leave those alone: the caller may still need them.
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
  const mix = (old: Tensor, batch: Tensor) => old.mul(1 - momentum).add(batch.squeeze(0).mul(momentum));
  const y = values.mul(gamma).add(beta);
  running.mean = mix(running.mean, mean);
  running.variance = mix(running.variance, unbiased);
  return { y, running };
}
