// hint: You added rows above and below. The columns left and right are missing.
/** The plane [H, W] within a margin of zeros: [H + 2P, W + 2P]. */
function pad2d(plane: number[][], padding: number): number[][] {
  const zeros = (length: number): number[] => Array.from({ length }, () => 0);
  const width = plane[0].length;
  const margin = () => Array.from({ length: padding }, () => zeros(width));
  const rows = plane.map((row) => [...row]);
  return [...margin(), ...rows, ...margin()];
}
