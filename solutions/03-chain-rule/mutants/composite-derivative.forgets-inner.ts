// hint: This is the outer slope dz/dy alone. Multiply it by the inner slope dy/dx = −3.
function compositeDerivative(x: number): number {
  const y = 1 - 3 * x;
  return 2 * y;
}
