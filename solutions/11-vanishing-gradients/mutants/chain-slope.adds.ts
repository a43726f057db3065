// hint: You added the factors of the layers. Along a path slopes multiply.
function chainSlope(w: number[], x: number): number {
  let o = x;
  let slope = 0;
  for (const weight of w) {
    o = 1 / (1 + Math.exp(-weight * o));
    slope += weight * o * (1 - o);
  }
  return slope;
}
