// hint: Coordinates that were measured stay displaced: x itself was changed. Change a copy, [...x], for each coordinate.
function numericalGradient(f: (x: number[]) => number, x: number[], h = 1e-5): number[] {
  const slopes: number[] = [];
  for (let i = 0; i < x.length; i++) {
    x[i] += h;
    const up = f(x);
    x[i] -= 2 * h;
    slopes.push((up - f(x)) / (2 * h));
  }
  return slopes;
}
