// hint: You average over the elements as well. Each element of the answer has its own mean and spread: pool over axis 0 only.
/** Mean and standard deviation (by T − 1) of T answers. sample: () → any shape; T ≥ 2 → both of that shape. */
function mcDropout(sample: () => Tensor, passes: number): { mean: Tensor; std: Tensor } {
  const answers = stack(Array.from({ length: passes }, () => sample()));
  const mean = answers.mean().expand(answers.shape.slice(1));
  const variance = answers.sub(mean).pow(2).sum(0).div(passes - 1);
  return { mean, std: variance.sqrt() };
}
