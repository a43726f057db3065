import { escapeHtml } from "../display/mime.js";
import { isFloat } from "./dtype.js";
import { show, stridesOf } from "./shape.js";
import type { Tensor } from "./tensor.js";

// As NumPy prints arrays: beyond `threshold` elements only `edge` items at either end of an axis are shown.
const threshold = 1000;
const edge = 3;
const precision = 4;
const lineWidth = 80;

/** `tensor([[1., 2.], [3., 4.]], shape=[2, 2], dtype=float32)`, and the gradient, if any, on lines of its own. */
export function tensorText(tensor: Tensor): string {
  const opening = "tensor(";
  const label = tensor.label === undefined ? "" : `, label=${JSON.stringify(tensor.label)}`;
  const text = `${opening}${valuesText(tensor, opening.length)}${label}, ${facts(tensor).join(", ")})`;
  const prefix = "  grad: ";
  return tensor.grad ? `${text}\n${prefix}${valuesText(tensor.grad, prefix.length)}` : text;
}

/** The same as an HTML fragment: a line of facts above the values, the gradient below them. */
export function tensorHtml(tensor: Tensor): string {
  const name = tensor.label === undefined ? "Tensor" : `Tensor <b>${escapeHtml(tensor.label)}</b>`;
  const block = (title: string, of: Tensor) =>
    `<div style="opacity:.7">${title}</div><pre style="margin:0">${escapeHtml(valuesText(of, 0))}</pre>`;
  const gradient = tensor.grad ? block("gradient", tensor.grad) : "";
  return `<div class="gradlab-tensor">${block(`${name} ${facts(tensor).join(" · ")}`, tensor)}${gradient}</div>`;
}

function facts(tensor: Tensor): string[] {
  const requiresGrad = tensor.requiresGrad ? ["requiresGrad=true"] : [];
  return [`shape=${show(tensor.shape)}`, `dtype=${tensor.dtype}`, ...requiresGrad];
}

/** The nested values; continued lines are indented by `indent` columns. */
function valuesText(tensor: Tensor, indent: number): string {
  const { shape, elements: data } = tensor;
  const strides = stridesOf(shape);
  const elide = tensor.size > threshold;
  const shown = (axis: number): (number | null)[] => {
    const size = shape[axis];
    const all = Array.from({ length: size }, (_, i) => i);
    return elide && size > 2 * edge ? [...all.slice(0, edge), null, ...all.slice(-edge)] : all;
  };
  const collect = (axis: number, from: number): number[] =>
    axis === shape.length
      ? [data[from]]
      : shown(axis).flatMap((i) => (i === null ? [] : collect(axis + 1, from + i * strides[axis])));
  const format = numberFormat(collect(0, 0), tensor.dtype);

  const write = (axis: number, from: number): string => {
    if (axis === shape.length) return format(data[from]);
    const items = shown(axis).map((i) => (i === null ? "..." : write(axis + 1, from + i * strides[axis])));
    const margin = " ".repeat(indent + axis + 1);
    const inner = axis === shape.length - 1;
    const lines = inner ? wrap(items, lineWidth - margin.length) : items;
    const newlines = inner ? "\n" : "\n".repeat(shape.length - 1 - axis);
    return `[${lines.join(`,${newlines}${margin}`)}]`;
  };
  return write(0, 0);
}

/** Joins items with commas into lines of at most `width` characters. */
function wrap(items: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const item of items) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + item.length + 3 <= width)
      lines[lines.length - 1] = `${last}, ${item}`;
    else lines.push(item);
  }
  return lines;
}

/** One width for all numbers of a tensor, with decimal points in line; scientific where sizes differ too much. */
function numberFormat(values: readonly number[], dtype: Tensor["dtype"]): (value: number) => string {
  const write = isFloat(dtype)
    ? floatFormat(values)
    : dtype === "bool"
      ? (value: number) => String(value !== 0)
      : String;
  const width = Math.max(0, ...values.map((value) => write(value).length));
  return (value) => write(value).padStart(width);
}

function floatFormat(values: readonly number[]): (value: number) => string {
  const finite = values.filter(Number.isFinite);
  const sizes = finite.map(Math.abs).filter((size) => size > 0);
  const [largest, smallest] = [Math.max(...sizes), Math.min(...sizes)];
  const scientific = sizes.length > 0 && (largest >= 1e8 || smallest < 1e-4 || largest / smallest > 1000);
  const digits = (value: number) => {
    const [mantissa] = scientific ? value.toExponential(precision).split("e") : [value.toFixed(precision)];
    return mantissa.replace(/0+$/, "").split(".")[1].length;
  };
  const decimals = Math.max(0, ...finite.map(digits));
  return (value) => {
    if (!Number.isFinite(value)) return String(value);
    if (scientific) {
      const [mantissa, exponent] = value.toExponential(decimals).split("e");
      return `${mantissa}e${exponent[0]}${exponent.slice(1).padStart(2, "0")}`;
    }
    // a point even behind whole numbers tells floats from integers; trailing zeros would claim precision
    const [whole, fraction = ""] = value.toFixed(decimals).split(".");
    return `${whole}.${fraction.replace(/0+$/, "").padEnd(decimals)}`;
  };
}
