// hint: Your slopes are twice too large: x + h and x − h are 2h apart, so divide by 2h.
function numericalGradient(f: (x: number[]) => number, x: number[], h = 1e-5): number[] {
  return x.map((_, i) => {
    const [up, down] = [[...x], [...x]];
    up[i] += h;
    down[i] -= h;
    return (f(up) - f(down)) / h;
  });
}
