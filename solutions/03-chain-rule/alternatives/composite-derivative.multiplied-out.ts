function compositeDerivative(x: number): number {
  // z = 1 − 6x + 9x²
  return 18 * x - 6;
}
