// hint: Every unit of yours sees x. Only the first one does; each other one sees the output of the unit before it.
function chainSlope(w: number[], x: number): number {
  let slope = 1;
  for (const weight of w) {
    const o = 1 / (1 + Math.exp(-weight * x));
    slope *= weight * o * (1 - o);
  }
  return slope;
}
