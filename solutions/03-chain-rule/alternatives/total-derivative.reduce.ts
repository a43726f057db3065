function totalDerivative(outer: number[], inner: number[]): number {
  return outer.map((slope, m) => slope * inner[m]).reduce((a, b) => a + b, 0);
}
