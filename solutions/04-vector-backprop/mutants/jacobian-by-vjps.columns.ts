// hint: Your rows and columns are exchanged. What vjp returns for the i-th unit vector is row i, not column i: this course's Jacobians have one row per output.
function jacobianByVjps(vjp: (g: number[]) => number[], Q: number): number[][] {
  const rows = Array.from({ length: Q }, (_, i) => vjp(Array.from({ length: Q }, (_, k) => (k === i ? 1 : 0))));
  return rows[0].map((_, j) => rows.map((row) => row[j]));
}
