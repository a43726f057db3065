import { Figure, type Frame } from "./figure.js";
import { ink } from "./style.js";

/** One step of an animation, with the text that the slider shows for it. */
export interface Step extends Omit<Frame, "name"> {
  label: string;
}

/** Pixels below the axes for the slider and the buttons. */
const controlsHeight = 90;

/**
 * The figure with a slider over the steps and buttons to play them, one each `milliseconds`. It opens at the last
 * step, which its own traces must show, so that a printed or still figure is complete.
 */
export function animate(figure: Figure, steps: readonly Step[], milliseconds: number): Figure {
  const instant = { mode: "immediate", transition: { duration: 0 } };
  const frames = steps.map(({ data, traces }, i) => ({ name: String(i), data, traces }));
  const button = (label: string, what: unknown, options: object) => ({
    label,
    method: "animate",
    args: [what, { ...instant, ...options }],
  });
  const { margin, height } = figure.layout as { margin: { b: number }; height: number };
  const layout = {
    ...figure.layout,
    height: height + controlsHeight,
    margin: { ...margin, b: margin.b + controlsHeight },
    sliders: [
      {
        active: steps.length - 1,
        x: 0.2,
        len: 0.8,
        y: 0,
        yanchor: "top",
        pad: { t: 62 },
        // The steps are named by the current value alone: a label under each would not fit.
        font: { color: "rgba(0, 0, 0, 0)", size: 1 },
        ticklen: 0,
        minorticklen: 0,
        tickcolor: ink,
        bordercolor: ink,
        currentvalue: { xanchor: "left", font: { size: 13, color: ink } },
        steps: steps.map(({ label }, i) =>
          button(label, [String(i)], { frame: { duration: 0, redraw: true } }),
        ),
      },
    ],
    updatemenus: [
      {
        type: "buttons",
        direction: "left",
        showactive: false,
        x: 0,
        xanchor: "left",
        y: 0,
        yanchor: "top",
        pad: { t: 70 },
        bgcolor: "rgba(0, 0, 0, 0)",
        bordercolor: ink,
        font: { color: ink },
        buttons: [
          button("Play", null, { fromcurrent: true, frame: { duration: milliseconds, redraw: true } }),
          button("Pause", [null], { frame: { duration: 0, redraw: false } }),
        ],
      },
    ],
  };
  return new Figure(figure.data, layout, frames);
}
