// hint: Your maximum starts at 0, so negative values never win. Start with the first value of the window.
/** Row and column of the largest value in the window whose upper left corner is given; of equals, the first. */
function largestIn(
  plane: number[][],
  top: number,
  left: number,
  size: number,
): [row: number, column: number] {
  let [row, column] = [top, left];
  let largest = 0;
  for (let r = top; r < top + size; r++)
    for (let q = left; q < left + size; q++)
      if (plane[r][q] > largest) [row, column, largest] = [r, q, plane[r][q]];
  return [row, column];
}

/** The largest value of each window of size × size: plane [H, W] → [H′, W′]. */
function maxPool(plane: number[][], size: number, stride = size): number[][] {
  const [rows, columns] = [plane, plane[0]].map((axis) => outputSize(axis.length, size, { stride }));
  const [[out]] = newImages([1, 1, rows, columns]);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) {
      const [r, q] = largestIn(plane, i * stride, j * stride, size);
      out[i][j] = Math.max(0, plane[r][q]);
    }
  return out;
}

/** From the gradient of the output [H′, W′] that of the plane [H, W]. */
function maxPoolBackward(gradient: number[][], plane: number[][], size: number, stride = size): number[][] {
  const [[dPlane]] = newImages([1, 1, plane.length, plane[0].length]);
  gradient.forEach((row, i) =>
    row.forEach((slope, j) => {
      const [r, q] = largestIn(plane, i * stride, j * stride, size);
      dPlane[r][q] += slope;
    }),
  );
  return dPlane;
}
