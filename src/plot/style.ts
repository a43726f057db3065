/**
 * How figures look: colours that colour-blind readers can tell apart and that keep a contrast of at least
 * 3:1 on white and on dark grey, and for each colour its own dash and marker, so that no meaning depends on
 * colour alone.
 *
 * @see Okabe & Ito (2008), Color Universal Design, for the hues.
 */
export const palette: readonly string[] = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#9a7500", "#808080"];

/** How a line is broken. */
export type Dash = "solid" | "dash" | "dot" | "dashdot" | "longdash" | "longdashdot";
export const dashes: readonly Dash[] = ["solid", "dash", "dot", "dashdot", "longdash", "longdashdot"];

/** How a point is drawn. */
export type MarkerSymbol = "circle" | "square" | "diamond" | "triangle-up" | "cross" | "x";
export const symbols: readonly MarkerSymbol[] = ["circle", "square", "diamond", "triangle-up", "cross", "x"];

/** Text and lines on a background of unknown brightness: contrast about 4.5:1 on white, 4:1 on dark grey. */
export const ink = "#767676";
export const faintInk = "rgba(118, 118, 118, 0.3)";

/** The entry of a style list for the trace at `index`; lists repeat when they run out. */
export function nth<T>(list: readonly T[], index: number): T {
  return list[index % list.length];
}

/** From small to large: lightness grows steadily, and all kinds of colour vision see the same order. */
export const sequentialScale = "Cividis";

/** Blue below the middle, almost white there, vermilion above. */
export const divergingScale: [number, string][] = [
  [0, "#0072b2"],
  [0.5, "#f7f7f7"],
  [1, "#d55e00"],
];
