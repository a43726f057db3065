// hint: You took the sigmoid of the output again: σ′(z) = o (1 − o) with o = σ(z), not σ(o) (1 − σ(o)).
function chainSlope(w: number[], x: number): number {
  const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
  let o = x;
  let slope = 1;
  for (const weight of w) {
    o = sigmoid(weight * o);
    slope *= weight * sigmoid(o) * (1 - sigmoid(o));
  }
  return slope;
}
