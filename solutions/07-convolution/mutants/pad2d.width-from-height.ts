// hint: Your rows of zeros are as wide as the plane is high. On a plane that is not square they do not fit.
/** The plane [H, W] within a margin of zeros: [H + 2P, W + 2P]. */
function pad2d(plane: number[][], padding: number): number[][] {
  const zeros = (length: number): number[] => Array.from({ length }, () => 0);
  const width = plane.length + 2 * padding;
  const margin = () => Array.from({ length: padding }, () => zeros(width));
  const rows = plane.map((row) => [...zeros(padding), ...row, ...zeros(padding)]);
  return [...margin(), ...rows, ...margin()];
}
