/** Representations of one value by MIME type, as Jupyter's `display_data` and `execute_result` carry them. */
export type MimeBundle = Record<string, unknown>;

/**
 * The method by which a value renders itself in a notebook, a convention of the Deno kernel:
 * `value[Symbol.for("Jupyter.display")]()` returns a {@link MimeBundle} or a promise of one.
 */
export const displaySymbol: unique symbol = Symbol.for("Jupyter.display") as never;

/** The method that Node's `console.log` and `util.inspect` call for a value's text. */
export const inspectSymbol: unique symbol = Symbol.for("nodejs.util.inspect.custom") as never;

/** A value that renders itself in notebooks. */
export interface Displayable {
  /** Its representations, the richest that a front end understands is shown. */
  [displaySymbol](): MimeBundle | Promise<MimeBundle>;
}

export function isDisplayable(value: unknown): value is Displayable {
  if (value === null || (typeof value !== "object" && typeof value !== "function")) return false;
  try {
    return typeof (value as Partial<Displayable>)[displaySymbol] === "function";
  } catch {
    return false; // A proxy may throw from anything.
  }
}

const entities: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Makes text safe inside HTML elements and quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => entities[char]);
}
