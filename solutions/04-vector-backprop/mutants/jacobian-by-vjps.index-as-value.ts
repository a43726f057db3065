// hint: Your unit vectors hold i at place i. They must hold 1 there, whatever i is.
function jacobianByVjps(vjp: (g: number[]) => number[], Q: number): number[][] {
  return Array.from({ length: Q }, (_, i) => {
    const unit = new Array<number>(Q).fill(0);
    unit[i] = i;
    return vjp(unit);
  });
}
