// hint: You divide the squares by T. A spread that is estimated from some of all masks divides by T − 1.
/** Mean and standard deviation (by T − 1) of T answers. sample: () → any shape; T ≥ 2 → both of that shape. */
function mcDropout(sample: () => Tensor, passes: number): { mean: Tensor; std: Tensor } {
  const answers = stack(Array.from({ length: passes }, () => sample()));
  const mean = answers.mean(0);
  const variance = answers.sub(mean).pow(2).sum(0).div(passes);
  return { mean, std: variance.sqrt() };
}
