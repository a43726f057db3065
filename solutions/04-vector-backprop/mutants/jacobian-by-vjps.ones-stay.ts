// hint: The ones of earlier rows are still in your list, so your rows add up. Make a new list of zeros for each output.
function jacobianByVjps(vjp: (g: number[]) => number[], Q: number): number[][] {
  const unit = new Array<number>(Q).fill(0);
  const J: number[][] = [];
  for (let i = 0; i < Q; i++) {
    unit[i] = 1;
    J.push(vjp(unit));
  }
  return J;
}
