function foldBatchNorm(
  weight: Tensor,
  bias: Tensor,
  gamma: Tensor,
  beta: Tensor,
  running: RunningStats,
  eps = 1e-5,
): { weight: Tensor; bias: Tensor } {
  const outputs = bias.size;
  const perOutput = weight.size / outputs;
  const deviation = Float64Array.from(running.variance.data, (variance) => Math.sqrt(variance + eps));
  const scaled = Float64Array.from(weight.data, (value, i) => {
    const o = Math.floor(i / perOutput);
    return (value * gamma.data[o]) / deviation[o];
  });
  const shifted = Array.from({ length: outputs }, (_, o) => {
    const centred = bias.data[o] - running.mean.data[o];
    return (gamma.data[o] * centred) / deviation[o] + beta.data[o];
  });
  return {
    weight: tensor(scaled).reshape(weight.shape),
    bias: tensor(shifted, { dtype: "float64" }),
  };
}
