// hint: The outer slope stands at the wrong place: it is 2y with y = 1 − 3x, not 2x.
function compositeDerivative(x: number): number {
  return 2 * x * -3;
}
