const compositeDerivative = (x: number): number => -6 * (1 - 3 * x);
