// hint: Your list starts with 0, so everything stays 0. Before the first block there is one path, of slope 1.
/** What the paths through exactly k of the L branches contribute to the slope, for k = 0 … L. slopes [L] → [L + 1]. */
function pathContributions(slopes: number[]): number[] {
  const c = [0];
  for (const slope of slopes) {
    c.push(0);
    for (let k = c.length - 1; k > 0; k--) c[k] += slope * c[k - 1];
  }
  return c;
}
