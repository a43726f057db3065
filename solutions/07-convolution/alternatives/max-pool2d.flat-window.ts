function largestIn(
  plane: number[][],
  top: number,
  left: number,
  size: number,
): [row: number, column: number] {
  const inside = plane.slice(top, top + size).flatMap((row) => row.slice(left, left + size));
  const first = inside.indexOf(Math.max(...inside));
  return [top + Math.floor(first / size), left + (first % size)];
}

function maxPool(plane: number[][], size: number, stride = size): number[][] {
  const places = (length: number) =>
    Array.from({ length: outputSize(length, size, { stride }) }, (_, i) => i * stride);
  return places(plane.length).map((top) =>
    places(plane[0].length).map((left) => {
      const [r, q] = largestIn(plane, top, left, size);
      return plane[r][q];
    }),
  );
}

function maxPoolBackward(gradient: number[][], plane: number[][], size: number, stride = size): number[][] {
  const routed = plane.map((row) => row.map(() => 0));
  for (let i = 0; i < gradient.length; i++)
    for (let j = 0; j < gradient[i].length; j++) {
      const [r, q] = largestIn(plane, stride * i, stride * j, size);
      routed[r][q] = gradient[i][j] + routed[r][q];
    }
  return routed;
}
