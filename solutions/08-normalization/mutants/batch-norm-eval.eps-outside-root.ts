// hint: eps stands beside the standard deviation in your code. It belongs under the root.
function batchNormEval(
  x: Tensor,
  gamma: Tensor,
  beta: Tensor,
  running: RunningStats,
  eps = 1e-5,
): Tensor {
  return x.sub(running.mean).div(running.variance.sqrt().add(eps)).mul(gamma).add(beta);
}
