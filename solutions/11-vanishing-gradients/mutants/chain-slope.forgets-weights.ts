// hint: These are the slopes of the activations alone. Each factor is w · σ′(z): multiply by the weight, too.
function chainSlope(w: number[], x: number): number {
  let o = x;
  let slope = 1;
  for (const weight of w) {
    o = 1 / (1 + Math.exp(-weight * o));
    slope *= o * (1 - o);
  }
  return slope;
}
