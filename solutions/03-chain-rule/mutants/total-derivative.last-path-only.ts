// hint: Only the last path is left: the sum was overwritten. Use += so that the contributions of all paths add up.
function totalDerivative(outer: number[], inner: number[]): number {
  let sum = 0;
  for (let m = 0; m < outer.length; m++) sum = outer[m] * inner[m];
  return sum;
}
