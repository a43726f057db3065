function localSlopes(op: string, x: number[], y: number, n = 1): number[] {
  const [a, b] = x;
  switch (op) {
    case "add":
      return [1, 1];
    case "mul":
      return [b, a];
    case "max":
      return a < b ? [0, 1] : [1, 0];
    case "pow":
      return [n * Math.pow(a, n - 1)];
    case "exp":
      return [Math.exp(a)];
    case "tanh":
      return [1 / Math.cosh(a) ** 2];
    case "relu":
      return [Number(a > 0)];
    case "sigmoid":
      return [y - y ** 2];
    default:
      return [];
  }
}
