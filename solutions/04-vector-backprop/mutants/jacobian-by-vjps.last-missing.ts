// hint: The last row is missing. Unit vectors run from i = 0 to i = Q − 1: loop while i < Q.
function jacobianByVjps(vjp: (g: number[]) => number[], Q: number): number[][] {
  const J: number[][] = [];
  for (let i = 0; i < Q - 1; i++) {
    const unit = new Array<number>(Q).fill(0);
    unit[i] = 1;
    J.push(vjp(unit));
  }
  return J;
}
