/** Where there is nothing to pick. */
export const nowhere = -1;

/**
 * The storage positions of a grid of elements: all combinations of one index per axis, from a list for each, in
 * row-major order. An index of {@link nowhere} makes a position of nowhere.
 */
export function gridPositions(strides: readonly number[], lists: readonly ArrayLike<number>[]): Int32Array {
  let positions = Int32Array.of(0);
  lists.forEach((list, axis) => {
    const longer = new Int32Array(positions.length * list.length);
    let at = 0;
    for (const position of positions) {
      for (let i = 0; i < list.length; i++) {
        const missing = position === nowhere || list[i] === nowhere;
        longer[at++] = missing ? nowhere : position + list[i] * strides[axis];
      }
    }
    positions = longer;
  });
  return positions;
}

/** `0, 1, …, count − 1`. */
export function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
