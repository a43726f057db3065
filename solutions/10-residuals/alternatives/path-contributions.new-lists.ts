function pathContributions(slopes: number[]): number[] {
  return slopes.reduce((c, a) => [...c, 0].map((old, k) => old + a * (c[k - 1] ?? 0)), [1]);
}
