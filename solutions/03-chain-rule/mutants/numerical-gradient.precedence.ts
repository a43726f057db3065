// hint: Operator precedence: a / 2 * h divides by 2 and then multiplies by h. Write a / (2 * h).
function numericalGradient(f: (x: number[]) => number, x: number[], h = 1e-5): number[] {
  return x.map((_, i) => {
    const [up, down] = [[...x], [...x]];
    up[i] += h;
    down[i] -= h;
    return ((f(up) - f(down)) / 2) * h;
  });
}
