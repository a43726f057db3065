// hint: Your dx adds up the columns of W without what arrives: each W[i][j] has to be multiplied by g[i].
function linearBackward(g: number[], x: number[], W: number[][]): { dx: number[]; dW: number[][] } {
  const dW = g.map((gi) => x.map((xj) => gi * xj));
  const dx = x.map((_, j) => W.reduce((sum, row) => sum + row[j], 0));
  return { dx, dW };
}
