const rules: Record<string, (x: number[], y: number, n: number) => number[]> = {
  add: () => [1, 1],
  mul: ([a, b]) => [b, a],
  max: ([a, b]) => [a >= b ? 1 : 0, a >= b ? 0 : 1],
  pow: ([a], _y, n) => [n * a ** (n - 1)],
  exp: (_x, y) => [y],
  tanh: (_x, y) => [(1 - y) * (1 + y)],
  relu: ([a]) => [a > 0 ? 1 : 0],
  sigmoid: (_x, y) => [(1 - y) * y],
};

function localSlopes(op: string, x: number[], y: number, n = 1): number[] {
  return x.length === 0 ? [] : rules[op](x, y, n);
}
