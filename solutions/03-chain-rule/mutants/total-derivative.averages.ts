// hint: You took the mean over the paths. Contributions add up; nothing divides them by M.
function totalDerivative(outer: number[], inner: number[]): number {
  return outer.reduce((sum, slope, m) => sum + slope * inner[m], 0) / outer.length;
}
