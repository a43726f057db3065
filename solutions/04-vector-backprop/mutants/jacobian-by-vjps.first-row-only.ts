// hint: All your rows are row 0: the 1 of the unit vector has to move from place 0 to place i.
function jacobianByVjps(vjp: (g: number[]) => number[], Q: number): number[][] {
  const unit = [1, ...new Array<number>(Q - 1).fill(0)];
  return Array.from({ length: Q }, () => vjp(unit));
}
