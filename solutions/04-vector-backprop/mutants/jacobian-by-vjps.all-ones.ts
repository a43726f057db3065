// hint: You asked for the product with a vector of ones, which adds up all rows. A unit vector has a single 1, at the place of the row you want.
function jacobianByVjps(vjp: (g: number[]) => number[], Q: number): number[][] {
  return Array.from({ length: Q }, () => vjp(new Array<number>(Q).fill(1)));
}
