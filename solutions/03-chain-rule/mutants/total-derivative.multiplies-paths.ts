// hint: You multiplied the paths with each other. Slopes multiply along a path; the contributions of different paths add.
function totalDerivative(outer: number[], inner: number[]): number {
  return outer.reduce((product, slope, m) => product * slope * inner[m], 1);
}
