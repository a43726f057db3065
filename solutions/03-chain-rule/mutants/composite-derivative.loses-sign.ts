// hint: The sign is wrong: y = 1 − 3x falls when x grows, so dy/dx is −3, not 3.
function compositeDerivative(x: number): number {
  const y = 1 - 3 * x;
  return 2 * y * 3;
}
