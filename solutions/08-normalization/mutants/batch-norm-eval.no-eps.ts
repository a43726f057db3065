// hint: eps is missing: in use it stands under the root as in training.
function batchNormEval(
  x: Tensor,
  gamma: Tensor,
  beta: Tensor,
  running: RunningStats,
  eps = 1e-5,
): Tensor {
  return x.sub(running.mean).div(running.variance.sqrt()).mul(gamma).add(beta);
}
