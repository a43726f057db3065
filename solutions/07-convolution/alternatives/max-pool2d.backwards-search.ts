function largestIn(
  plane: number[][],
  top: number,
  left: number,
  size: number,
): [row: number, column: number] {
  let best: [number, number] = [top + size - 1, left + size - 1];
  for (let r = top + size - 1; r >= top; r--)
    for (let q = left + size - 1; q >= left; q--) if (plane[r][q] >= plane[best[0]][best[1]]) best = [r, q];
  return best;
}

function maxPool(plane: number[][], size: number, stride = size): number[][] {
  const pooled: number[][] = [];
  for (let top = 0; top + size <= plane.length; top += stride) {
    const row: number[] = [];
    for (let left = 0; left + size <= plane[0].length; left += stride) {
      const [r, q] = largestIn(plane, top, left, size);
      row.push(plane[r][q]);
    }
    pooled.push(row);
  }
  return pooled;
}

function maxPoolBackward(gradient: number[][], plane: number[][], size: number, stride = size): number[][] {
  const sums = new Map<string, number>();
  gradient.forEach((row, i) =>
    row.forEach((slope, j) => {
      const winner = largestIn(plane, i * stride, j * stride, size).join();
      sums.set(winner, (sums.get(winner) ?? 0) + slope);
    }),
  );
  return plane.map((row, r) => row.map((_, q) => sums.get(`${r},${q}`) ?? 0));
}
