const pad2d = (plane: number[][], padding: number): number[][] =>
  Array.from({ length: plane.length + padding * 2 }, (_, i) =>
    Array.from({ length: plane[0].length + padding * 2 }, (_, j) => plane[i - padding]?.[j - padding] ?? 0),
  );
