// hint: In dW the local slope is the input x[j], not the weight: multiply swaps.
function linearBackward(g: number[], x: number[], W: number[][]): { dx: number[]; dW: number[][] } {
  const dx = x.map((_, j) => g.reduce((sum, gi, i) => sum + gi * W[i][j], 0));
  const dW = W.map((row, i) => row.map((w) => g[i] * w));
  return { dx, dW };
}
