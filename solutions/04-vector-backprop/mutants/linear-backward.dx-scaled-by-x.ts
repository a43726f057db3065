// hint: Your dx contains a factor x[j] too many. The slope of y in x is W alone.
function linearBackward(g: number[], x: number[], W: number[][]): { dx: number[]; dW: number[][] } {
  const dW = g.map((gi) => x.map((xj) => gi * xj));
  const dx = x.map((xj, j) => xj * g.reduce((sum, gi, i) => sum + gi * W[i][j], 0));
  return { dx, dW };
}
