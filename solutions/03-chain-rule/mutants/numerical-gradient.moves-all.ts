// hint: You moved all coordinates at once, which mixes their slopes. Move x[i] alone and keep the others where they are.
function numericalGradient(f: (x: number[]) => number, x: number[], h = 1e-5): number[] {
  const up = x.map((value) => value + h);
  const down = x.map((value) => value - h);
  return x.map(() => (f(up) - f(down)) / (2 * h));
}
