// hint: You always add a single ring of zeros. There are to be as many as padding says, also none.
/** The plane [H, W] within a margin of zeros: [H + 2P, W + 2P]. */
function pad2d(plane: number[][], padding: number): number[][] {
  const zeros = (length: number): number[] => Array.from({ length }, () => 0);
  const width = plane[0].length + 2;
  const margin = () => [zeros(width)];
  const rows = plane.map((row) => [0, ...row, 0]);
  return [...margin(), ...rows, ...margin()];
}
