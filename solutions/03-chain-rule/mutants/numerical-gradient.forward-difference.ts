// hint: This is the forward difference: x³ at 1 with h = 0.1 gives 3.31. Look to both sides: (f(x + h) − f(x − h)) / 2h.
function numericalGradient(f: (x: number[]) => number, x: number[], h = 1e-5): number[] {
  return x.map((_, i) => {
    const up = [...x];
    up[i] += h;
    return (f(up) - f(x)) / h;
  });
}
