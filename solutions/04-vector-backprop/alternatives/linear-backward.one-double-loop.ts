function linearBackward(g: number[], x: number[], W: number[][]): { dx: number[]; dW: number[][] } {
  const dx = new Array<number>(x.length).fill(0);
  const dW: number[][] = [];
  for (const [i, row] of W.entries()) {
    dW[i] = [];
    for (let j = row.length - 1; j >= 0; j--) {
      dW[i][j] = x[j] * g[i];
      dx[j] += row[j] * g[i];
    }
  }
  return { dx, dW };
}
