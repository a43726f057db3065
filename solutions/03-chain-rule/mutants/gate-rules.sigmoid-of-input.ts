// hint: sigmoid: the slope is y(1 − y) with the output y, not with the input x.
function localSlopes(op: string, x: number[], y: number, n = 1): number[] {
  if (x.length === 0) return [];
  if (op === "add") return [1, 1];
  if (op === "mul") return [x[1], x[0]];
  if (op === "max") return x[0] >= x[1] ? [1, 0] : [0, 1];
  if (op === "pow") return [n * x[0] ** (n - 1)];
  if (op === "exp") return [y];
  if (op === "tanh") return [1 - y * y];
  if (op === "relu") return [x[0] > 0 ? 1 : 0];
  if (op === "sigmoid") return [x[0] * (1 - x[0])];
  throw new Error(`localSlopes: there is no gate ${op}`);
}
