function pathContributions(slopes: number[]): number[] {
  if (slopes.length === 0) return [1];
  const below = pathContributions(slopes.slice(0, -1));
  const a = slopes[slopes.length - 1];
  const around = [...below, 0];
  const through = [0, ...below.map((value) => a * value)];
  return around.map((value, k) => value + through[k]);
}
