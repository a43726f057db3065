// The library's standard deviation, which divides by T − 1 unless told.
/** Mean and standard deviation (by T − 1) of T answers. sample: () → any shape; T ≥ 2 → both of that shape. */
function mcDropout(sample: () => Tensor, passes: number): { mean: Tensor; std: Tensor } {
  const answers = stack(Array.from({ length: passes }, () => sample()));
  const mean = answers.mean(0);
  const variance = answers.variance(0);
  return { mean, std: variance.sqrt() };
}
