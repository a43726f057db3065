function pad2d(plane: number[][], padding: number): number[][] {
  if (padding === 0) return plane;
  const rows = plane.map((row) => [0, ...row, 0]);
  const blank = () => rows[0].map(() => 0);
  return pad2d([blank(), ...rows, blank()], padding - 1);
}
