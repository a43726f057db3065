// hint: You added zeros at the end of each axis only. They belong at both ends.
/** The plane [H, W] within a margin of zeros: [H + 2P, W + 2P]. */
function pad2d(plane: number[][], padding: number): number[][] {
  const zeros = (length: number): number[] => Array.from({ length }, () => 0);
  const width = plane[0].length + padding;
  const margin = () => Array.from({ length: padding }, () => zeros(width));
  const rows = plane.map((row) => [...row, ...zeros(padding)]);
  return [...rows, ...margin()];
}
