// hint: Only the last output counts in your dx. Contributions of all outputs add up: += in place of =.
function linearBackward(g: number[], x: number[], W: number[][]): { dx: number[]; dW: number[][] } {
  const dW = g.map((gi) => x.map((xj) => gi * xj));
  const dx = x.map(() => 0);
  for (let i = 0; i < g.length; i++) for (let j = 0; j < x.length; j++) dx[j] = g[i] * W[i][j];
  return { dx, dW };
}
