// hint: Every row of your dW is x. Row i has to be multiplied by what arrives at output i.
function linearBackward(g: number[], x: number[], W: number[][]): { dx: number[]; dW: number[][] } {
  const dx = x.map((_, j) => g.reduce((sum, gi, i) => sum + gi * W[i][j], 0));
  const dW = g.map(() => [...x]);
  return { dx, dW };
}
