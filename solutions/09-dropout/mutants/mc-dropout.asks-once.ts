// hint: You ask the network once and copy its answer. Each pass needs new masks: call sample() every time.
/** Mean and standard deviation (by T − 1) of T answers. sample: () → any shape; T ≥ 2 → both of that shape. */
function mcDropout(sample: () => Tensor, passes: number): { mean: Tensor; std: Tensor } {
  const once = sample();
  const answers = stack(Array.from({ length: passes }, () => once));
  const mean = answers.mean(0);
  const variance = answers.sub(mean).pow(2).sum(0).div(passes - 1);
  return { mean, std: variance.sqrt() };
}
