// hint: Your dW is x gᵀ, the transpose. It has the shape of W: one row per output i, one column per input j.
function linearBackward(g: number[], x: number[], W: number[][]): { dx: number[]; dW: number[][] } {
  const dx = x.map((_, j) => g.reduce((sum, gi, i) => sum + gi * W[i][j], 0));
  const dW = x.map((xj) => g.map((gi) => gi * xj));
  return { dx, dW };
}
