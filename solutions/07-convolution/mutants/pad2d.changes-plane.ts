// hint: You changed the plane itself, and whoever passed it will be surprised. Make new arrays: [...zeros, ...row, ...zeros].
function pad2d(plane: number[][], padding: number): number[][] {
  for (let p = 0; p < padding; p++) {
    for (const row of plane) {
      row.unshift(0);
      row.push(0);
    }
    plane.unshift(plane[0].map(() => 0));
    plane.push(plane[0].map(() => 0));
  }
  return plane;
}
