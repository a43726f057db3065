/**
 * Jupyter counts positions in Unicode code points, JavaScript in UTF-16 units: "𝛻x" has 2 of the former, 3 of the latter.
 */

/** The number of code points before a UTF-16 offset. */
export function codePoints(text: string, offset: number): number {
  return Array.from(text.slice(0, offset)).length;
}

/** The UTF-16 offset after so many code points. */
export function utf16Offset(text: string, points: number): number {
  return Array.from(text).slice(0, points).join("").length;
}
