// hint: You repeated the values at the edge. The margin is to hold zeros.
function pad2d(plane: number[][], padding: number): number[][] {
  const within = (i: number, length: number) => Math.min(Math.max(i - padding, 0), length - 1);
  return Array.from({ length: plane.length + 2 * padding }, (_, i) => {
    const row = plane[within(i, plane.length)];
    return Array.from({ length: row.length + 2 * padding }, (_, j) => row[within(j, row.length)]);
  });
}
