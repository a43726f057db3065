function batchNormEval(
  x: Tensor,
  gamma: Tensor,
  beta: Tensor,
  running: RunningStats,
  eps = 1e-5,
): Tensor {
  const d = x.shape[1];
  const y = Float64Array.from(x.data, (value, i) => {
    const unit = i % d;
    const deviation = Math.sqrt(running.variance.data[unit] + eps);
    return (gamma.data[unit] * (value - running.mean.data[unit])) / deviation + beta.data[unit];
  });
  return tensor(y).reshape(x.shape);
}
