function jacobianByVjps(vjp: (g: number[]) => number[], Q: number): number[][] {
  const unit: number[] = [];
  for (let k = 0; k < Q; k++) unit.push(0);
  const rows: number[][] = [];
  while (rows.length < Q) {
    const i = rows.length;
    unit[i] = 1;
    rows[i] = vjp(unit);
    unit[i] = 0;
  }
  return rows;
}
