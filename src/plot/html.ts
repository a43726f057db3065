import { escapeHtml } from "../display/mime.js";
import type { Figure } from "./figure.js";
import { ink } from "./style.js";

/**
 * A figure as HTML that waits for `window.Plotly` and draws itself. Until then, and wherever scripts do not
 * run, it shows its plain-text description.
 */
export function figureHtml(figure: Figure): string {
  const id = `gradlab-figure-${crypto.randomUUID()}`;
  const height = Number(figure.layout["height"]) || 400;
  return [
    `<div id="${id}" style="min-height: ${height}px"><pre>${escapeHtml(figure.toString())}</pre></div>`,
    `<script>(${drawWhenReady})(${JSON.stringify(id)}, ${scriptJson(figure)});</script>`,
  ].join("\n");
}

/** JSON as a JavaScript literal inside a script element: no `<`, so that nothing in it can end the element. */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll("<", "\\u003c")
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
}

/**
 * Runs in the reader's browser. The ink is the colour that text has around the figure, whatever theme the
 * front end has set, and follows it when the theme changes.
 */
const drawWhenReady = `function (id, figure) {
  var element = document.getElementById(id);
  var drawn = false, ink = null, waited = 0;
  function themed() {
    ink = getComputedStyle(element).color;
    var rgb = ink.match(/^rgba?\\((\\d+), (\\d+), (\\d+)/);
    var faint = rgb ? "rgba(" + rgb.slice(1).join(",") + ",0.18)" : "rgba(128,128,128,0.3)";
    var update = { "font.color": ink };
    Object.keys(figure.layout).forEach(function (axis) {
      if (!/^[xy]axis\\d*$/.test(axis)) return;
      update[axis + ".gridcolor"] = update[axis + ".zerolinecolor"] = faint;
      update[axis + ".linecolor"] = update[axis + ".tickcolor"] = ink;
    });
    (figure.layout.annotations || []).forEach(function (_, i) {
      update["annotations[" + i + "].font.color"] = update["annotations[" + i + "].arrowcolor"] = ink;
    });
    (figure.layout.sliders || []).forEach(function (_, i) {
      ["currentvalue.font.color", "tickcolor", "bordercolor"].forEach(function (key) {
        update["sliders[" + i + "]." + key] = ink;
      });
    });
    return Plotly.relayout(element, update).then(function () {
      return Object.keys(inked).reduce(function (last, key) {
        var traces = figure.data.flatMap(function (trace, i) { return inked[key](trace) ? [i] : []; });
        return last.then(function () { return traces.length ? Plotly.restyle(element, key, ink, traces) : null; });
      }, Promise.resolve());
    });
  }
  var neutral = ${JSON.stringify(ink)};
  var inked = {
    "line.color": function (trace) { return trace.line && trace.line.color === neutral; },
    "textfont.color": function (trace) { return trace.textfont && trace.textfont.color === neutral; },
    "contours.labelfont.color": function (trace) { return trace.type === "contour"; }
  };
  function recolor() {
    if (drawn && element.isConnected && getComputedStyle(element).color !== ink) themed();
  }
  function draw() {
    element.textContent = "";
    Plotly.newPlot(element, figure)
      .then(themed)
      .then(function () { drawn = true; });
    new MutationObserver(recolor).observe(document.body, { attributes: true });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", recolor);
  }
  function wait() {
    if (window.Plotly) return draw();
    waited += 100;
    if (waited === 5000) {
      element.append("This figure waits for the plotting code, which comes with the first figure of the notebook. " +
        "If it does not appear, run the notebook from the top.");
    }
    setTimeout(wait, waited < 5000 ? 100 : 1000);
  }
  if (element) wait();
}`;
