// hint: The paths around a branch are lost: c_k new is c_k + a c_(k−1), not a c_(k−1) alone.
/** What the paths through exactly k of the L branches contribute to the slope, for k = 0 … L. slopes [L] → [L + 1]. */
function pathContributions(slopes: number[]): number[] {
  const c = [1];
  for (const slope of slopes) {
    c.push(0);
    for (let k = c.length - 1; k > 0; k--) c[k] = slope * c[k - 1];
  }
  return c;
}
