function pathContributions(slopes: number[]): number[] {
  const c = new Array<number>(slopes.length + 1).fill(0);
  c[0] = 1;
  for (let l = slopes.length - 1; l >= 0; l--) {
    for (let k = slopes.length; k >= 1; k--) c[k] = c[k] + c[k - 1] * slopes[l];
  }
  return c;
}
