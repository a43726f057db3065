function numericalGradient(f: (x: number[]) => number, x: number[], h = 1e-5): number[] {
  const slopes: number[] = [];
  for (let i = 0; i < x.length; i++) {
    const moved = x.slice();
    moved[i] = x[i] + h;
    const up = f(moved);
    moved[i] = x[i] - h;
    slopes.push((0.5 * (up - f(moved))) / h);
  }
  return slopes;
}
