import type { GraphEntry } from "./computation-graph.js";
import { dotOf, inkPlaceholder } from "./dot.js";

/** The colour of gradients, legible on light and dark; each is also marked with the word `grad`. */
const gradientColor = "#d55e00";

const monospace = "ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace";

/** Draws a graph with Graphviz, compiled to WebAssembly and loaded at first use, as one SVG element. */
export async function drawSvg(entries: readonly GraphEntry[]): Promise<string> {
  const { Graphviz } = await import("@hpcc-js/wasm-graphviz");
  const drawn = (await Graphviz.load()).layout(dotOf(entries), "svg", "dot");
  return drawn
    .slice(drawn.indexOf("<svg"))
    .replace(/<title>[^<]*<\/title>\n?/g, "")
    .replace(/<!--[^>]*-->\n?/g, "")
    .replaceAll(`"${inkPlaceholder}"`, '"currentColor"')
    .replaceAll('font-family="Courier,monospace"', `font-family="${monospace}"`)
    .replace(/(<text [^>]*)fill="currentColor"([^>]*>grad )/g, `$1fill="${gradientColor}"$2`)
    .replace(/(<text [^>]*>)([^<]*)/g, (_, tag: string, text: string) => tag + text.replace(asciiMinus, "−"));
}

/** A hyphen before a number or alone. Graphviz would reckon three columns for a minus, so it comes afterwards. */
const asciiMinus = /(?<=^|[ [])&#45;(?=[\dI]|$)/g;

/** As an image of its own, where `currentColor` has no page to come from: light or dark as the reader prefers. */
export function standAlone(svg: string): string {
  const style = ":root { color: #222 } @media (prefers-color-scheme: dark) { :root { color: #ddd } }";
  return svg.replace(/<svg[^>]*>/, `$&\n<style>${style}</style>`);
}

/** As part of a page: in its text colour, shrunk to its column as far as it stays readable, then scrolled. */
export function inline(svg: string): string {
  const width = Number(/width="([\d.]+)pt"/.exec(svg)?.[1] ?? 0);
  const style = `max-width: 100%; min-width: ${Math.round(0.6 * width)}pt; height: auto`;
  return `<div style="overflow-x: auto">${svg.replace("<svg", `<svg style="${style}"`)}</div>`;
}
