// hint: This is the value z = y² itself. Asked for is its slope dz/dx.
function compositeDerivative(x: number): number {
  return (1 - 3 * x) ** 2;
}
