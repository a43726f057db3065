import type { Displayable, MimeBundle } from "../display/mime.js";
import { displaySymbol } from "../display/mime.js";
import { LiveOutput } from "../display/live-output.js";
import { notebookSession } from "../display/session.js";
import { Figure } from "./figure.js";
import { line } from "./line.js";
import { panels } from "./panels.js";
import { plot } from "./plot.js";
import { plotlyScriptForSession } from "./plotly-script.js";
import { maxPoints, thinTrace } from "./thin.js";
import type { Trace } from "./trace.js";

/** How a {@link Dashboard} looks and how often it is updated. */
export interface DashboardOptions {
  /** A line above the panels. */
  title?: string;
  /** What the horizontal axes count; "step" unless told. */
  step?: string;
  /** Milliseconds between two updates, 500 unless told. */
  interval?: number;
  /** Quantities with a logarithmic axis, such as `["loss"]`. */
  log?: readonly string[];
  /** Panels in a row, 2 unless told. */
  columns?: number;
}

interface Series {
  steps: number[];
  values: number[];
}

/**
 * Curves that grow while a model trains. `add` takes numbers by name; of a name like "loss/train" the part before the
 * slash is the quantity and gets a panel, the part after it is a curve in it.
 *
 * In a notebook the dashboard appears below the cell at the first `add` and is updated in place, at most every
 * `interval` milliseconds, and always with the last state. Elsewhere the latest numbers are printed, a line each time.
 * A number that is not finite is a gap, and the panel's title counts them. All numbers are kept; long curves are drawn
 * by the extremes of their stretches, 10 000 points in all.
 *
 * @throws RangeError if the interval is negative or not a number.
 * @example
 * const board = new Dashboard({ title: "digits" });
 * board.add(0, { "loss/train": 2.3, "loss/validation": 2.4, accuracy: 0.1 });
 * board.figure().data.map((trace) => trace.name) // ["train", "validation", undefined]
 */
export class Dashboard implements Displayable {
  readonly #options: DashboardOptions;
  readonly #series = new Map<string, Series>();
  readonly #output: LiveOutput;

  constructor(options: DashboardOptions = {}) {
    const { interval = 500 } = options;
    if (!(interval >= 0)) {
      throw new RangeError(`Dashboard: interval is ${interval}. Expected milliseconds, 0 or more.`);
    }
    this.#options = options;
    this.#output = new LiveOutput(
      () => this.#bundle(),
      () => console.log(this.#latest()),
      interval,
    );
  }

  /**
   * Adds a number to each of the named series.
   *
   * @throws RangeError if `step` is not finite, or lies before the last step of one of the series.
   */
  add(step: number, values: Readonly<Record<string, number>>): void {
    if (!Number.isFinite(step)) throw new RangeError(`Dashboard: step is ${step}. Expected a finite number.`);
    for (const name of Object.keys(values)) {
      const last = this.#series.get(name)?.steps.at(-1) ?? -Infinity;
      if (step < last) {
        throw new RangeError(
          `Dashboard: step ${step} of "${name}" comes after step ${last}. Steps must not go back; a second training ` +
            `needs names of its own or a new Dashboard.`,
        );
      }
    }
    for (const [name, value] of Object.entries(values)) {
      const series = this.#series.get(name) ?? { steps: [], values: [] };
      series.steps.push(step);
      series.values.push(value);
      this.#series.set(name, series);
    }
    this.#output.changed();
  }

  /** Shows the last state now. It comes by itself once the program pauses; a program that ends first must ask. */
  finish(): void {
    this.#output.flush();
  }

  /** The present state as a figure that does not change any more. */
  figure(): Figure {
    const { title, step = "step", log = [], columns = 2 } = this.#options;
    const limit = Math.floor(maxPoints / Math.max(this.#series.size, 1));
    const figures = [...this.#quantities()].map(([quantity, names]) => {
      const isLog = log.includes(quantity);
      const curves = names.map((name) => thinTrace(this.#curve(name, isLog), limit));
      const missing = names
        .flatMap((name) => this.#series.get(name)!.values)
        .filter((v) => !Number.isFinite(v));
      const heading = missing.length === 0 ? quantity : `${quantity} (${missing.length} not finite)`;
      return plot(curves, { title: heading, x: step, y: { title: quantity, log: isLog } });
    });
    if (figures.length === 0)
      return new Figure([], { title: { text: `${title ?? "Dashboard"}, nothing yet` } });
    return panels(figures, { columns, rowHeight: 320, ...(title !== undefined && { title }) });
  }

  [displaySymbol](): MimeBundle {
    return this.figure()[displaySymbol]();
  }

  toString(): string {
    return this.figure().toString();
  }

  /** Full names of the series of each quantity, in the order in which they came. */
  #quantities(): Map<string, string[]> {
    const quantities = new Map<string, string[]>();
    for (const name of this.#series.keys()) {
      const [quantity] = split(name);
      quantities.set(quantity, [...(quantities.get(quantity) ?? []), name]);
    }
    return quantities;
  }

  #curve(name: string, log: boolean): Trace {
    const { steps, values } = this.#series.get(name)!;
    const shown = values.map((value) => (log && value <= 0 ? NaN : value));
    const [, part] = split(name);
    const label = part === undefined ? {} : { name: part };
    // A series that is NaN from the start is in the legend, without a point.
    const isEmpty = !shown.some(Number.isFinite);
    return line({ x: isEmpty ? [] : steps, y: isEmpty ? [] : shown, markers: steps.length <= 30, ...label });
  }

  #bundle(): MimeBundle {
    // An output of its own for the plotting code: the dashboard's own output will be replaced.
    const script = plotlyScriptForSession();
    if (script !== "") notebookSession()?.display({ "text/html": script, "text/plain": "" });
    return this[displaySymbol]();
  }

  /** `step 120 · loss/train 0.312 · accuracy 0.91` */
  #latest(): string {
    const all = [...this.#series.values()];
    const step = Math.max(...all.map(({ steps }) => steps[steps.length - 1]));
    const numbers = [...this.#series].map(
      ([name, { values }]) => `${name} ${Number(values[values.length - 1].toPrecision(4))}`,
    );
    return [`${this.#options.step ?? "step"} ${step}`, ...numbers].join(" · ");
  }
}

/** "loss/train" as its quantity and the curve's name; a plain name is a quantity of one curve. */
function split(name: string): [quantity: string, curve?: string] {
  const slash = name.indexOf("/");
  return slash === -1 ? [name] : [name.slice(0, slash), name.slice(slash + 1)];
}
