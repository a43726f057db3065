function numericalGradient(f: (x: number[]) => number, x: number[], h = 1e-5): number[] {
  const at = (i: number, value: number) => f(x.map((old, j) => (i === j ? value : old)));
  return x.map((value, i) => {
    const [up, down] = [value + h, value - h];
    return (at(i, up) - at(i, down)) / (up - down);
  });
}
