import { inspect } from "node:util";
import { escapeHtml } from "./mime.js";

type Row = Record<string, unknown>;

const maxRows = 50;
const maxColumns = 20;
const maxCellLength = 100;

/** An array of plain objects as an HTML table, or undefined if the value is none. */
export function tableHtml(value: unknown): string | undefined {
  if (!isRows(value)) return undefined;
  const shown = value.slice(0, maxRows);
  const keys = [...new Set(shown.flatMap((row) => Object.keys(row)))];
  const columns = keys.slice(0, maxColumns);
  if (columns.length === 0) return undefined;
  const more = columns.length < keys.length ? "…" : undefined;
  const head = ["", ...columns, ...(more ? [more] : [])].map((name) => `<th>${escapeHtml(name)}</th>`);
  const rows = shown.map((row, index) => {
    const cells = columns.map((name) => `<td>${escapeHtml(cellText(row, name))}</td>`);
    return `<tr><th>${index}</th>${cells.join("")}${more ? `<td>${more}</td>` : ""}</tr>`;
  });
  const size = `${value.length} rows × ${keys.length} columns`;
  const note =
    value.length > maxRows || more
      ? `\n<p>${size}, the first ${shown.length} × ${columns.length} shown</p>`
      : "";
  return `<table border="1" class="dataframe">
<thead><tr>${head.join("")}</tr></thead>
<tbody>
${rows.join("\n")}
</tbody>
</table>${note}`;
}

function isRows(value: unknown): value is Row[] {
  if (!Array.isArray(value) || value.length === 0) return false;
  for (let i = 0; i < value.length; i++) if (!isPlainObject(value[i])) return false;
  return true;
}

function isPlainObject(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // Objects that print in a way of their own are more than rows.
  return (
    (prototype === Object.prototype || prototype === null) && Object.getOwnPropertySymbols(value).length === 0
  );
}

/** Texts as they are, all else in one line as Node prints it. A getter is not called. */
function cellText(row: Row, name: string): string {
  const property = Object.getOwnPropertyDescriptor(row, name);
  if (!property) return "";
  const value: unknown = property.get ? "[Getter]" : property.value;
  const text = typeof value === "string" ? value : inspect(value, { depth: 1, breakLength: Infinity });
  return text.length > maxCellLength ? `${text.slice(0, maxCellLength - 1)}…` : text;
}
