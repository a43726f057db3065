function pad2d(plane: number[][], padding: number): number[][] {
  const [[padded]] = newImages([1, 1, plane.length + 2 * padding, plane[0].length + 2 * padding]);
  for (let i = 0; i < plane.length; i++) {
    for (let j = 0; j < plane[i].length; j++) padded[i + padding][j + padding] = plane[i][j];
  }
  return padded;
}
