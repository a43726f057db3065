// Welford's update, one answer after the other.
/** Mean and standard deviation (by T − 1) of T answers. sample: () → any shape; T ≥ 2 → both of that shape. */
function mcDropout(sample: () => Tensor, passes: number): { mean: Tensor; std: Tensor } {
  let mean = sample();
  let squares = mean.mul(0);
  for (let t = 2; t <= passes; t++) {
    const answer = sample();
    const before = answer.sub(mean);
    mean = mean.add(before.div(t));
    squares = squares.add(before.mul(answer.sub(mean)));
  }
  return { mean, std: squares.div(passes - 1).sqrt() };
}
