// hint: You divide by the running variance. Divide by the root of variance plus eps.
function batchNormEval(
  x: Tensor,
  gamma: Tensor,
  beta: Tensor,
  running: RunningStats,
  eps = 1e-5,
): Tensor {
  return x.sub(running.mean).div(running.variance.add(eps)).mul(gamma).add(beta);
}
