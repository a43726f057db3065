// hint: Your rows of zeros above and below are as wide as the old plane. The new one is 2P wider.
/** The plane [H, W] within a margin of zeros: [H + 2P, W + 2P]. */
function pad2d(plane: number[][], padding: number): number[][] {
  const zeros = (length: number): number[] => Array.from({ length }, () => 0);
  const width = plane[0].length;
  const margin = () => Array.from({ length: padding }, () => zeros(width));
  const rows = plane.map((row) => [...zeros(padding), ...row, ...zeros(padding)]);
  return [...margin(), ...rows, ...margin()];
}
