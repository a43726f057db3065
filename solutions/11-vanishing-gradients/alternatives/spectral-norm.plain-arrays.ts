function spectralNorm(W: Tensor, v: Tensor, steps: number): number {
  const rows = W.toArray() as number[][];
  const length = (list: number[]) => Math.hypot(...list);
  const forward = (list: number[]) => rows.map((row) => row.reduce((sum, w, j) => sum + w * list[j], 0));
  const backward = (list: number[]) => rows[0].map((_, j) => rows.reduce((sum, row, i) => sum + row[j] * list[i], 0));
  let direction = v.toArray() as number[];
  for (let step = 0; step < steps; step++) {
    const next = backward(forward(direction));
    const size = length(next);
    if (size === 0) return 0;
    direction = next.map((value) => value / size);
  }
  return length(forward(direction)) / length(direction);
}
