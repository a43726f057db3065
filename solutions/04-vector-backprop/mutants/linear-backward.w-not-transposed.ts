// hint: Your dx sums along the rows of W: that is W g. Going backward, input j collects from all outputs i: sum over i, down column j.
function linearBackward(g: number[], x: number[], W: number[][]): { dx: number[]; dW: number[][] } {
  const dW = g.map((gi) => x.map((xj) => gi * xj));
  const dx = W.map((row) => row.reduce((sum, w, i) => sum + w * g[i], 0));
  return { dx, dW };
}
