function linearBackward(g: number[], x: number[], W: number[][]): { dx: number[]; dW: number[][] } {
  const row = f64([g]);
  const dx = [...matmul(row, f64(W)).data];
  const dW = matmul(transpose(row), f64([x])).toArray() as number[][];
  return { dx, dW };
}
