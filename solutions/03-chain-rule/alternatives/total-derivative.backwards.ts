function totalDerivative(outer: number[], inner: number[]): number {
  let [m, sum] = [outer.length, 0];
  while (m-- > 0) sum += inner[m] * outer[m];
  return sum;
}
