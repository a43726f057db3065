// hint: You change the list from the smallest k up, so c[k−1] is already new, and a branch is used several times. Go down, or build a new list.
/** What the paths through exactly k of the L branches contribute to the slope, for k = 0 … L. slopes [L] → [L + 1]. */
function pathContributions(slopes: number[]): number[] {
  const c = [1];
  for (const slope of slopes) {
    c.push(0);
    for (let k = 1; k < c.length; k++) c[k] += slope * c[k - 1];
  }
  return c;
}
