import { indexAt, sameShape, show, sizeOf, type Shape } from "../tensor/shape.js";

/** Numbers that can be compared: one, arrays nested to any depth, a typed array, a tensor. */
export type Numeric =
  number | ArrayBufferView | readonly Numeric[] | { readonly shape: Shape; readonly data: ArrayBufferView };

/** How close is close. */
export interface CloseOptions {
  /** Tolerance relative to the expected number, 1e-5 by default. */
  rtol?: number;
  /** Tolerance added to that, 1e-8 by default; what counts where the expected number is 0. */
  atol?: number;
}

/** How far two values are apart, and where most. */
export interface Comparison {
  readonly pass: boolean;
  /** Index of the element furthest outside its tolerance; null if no elements could be compared. */
  readonly worstIndex: number[] | null;
  readonly receivedAtWorst: number | null;
  readonly expectedAtWorst: number | null;
  /** |received − expected| / max(|received|, |expected|) there, and 0 where both are equal. */
  readonly relativeError: number | null;
  /** What is wrong; what is close to what, if nothing is. */
  readonly message: string;
}

/**
 * Compares numbers: `|received − expected| ≤ atol + rtol |expected|` must hold for each.
 * NaN is close to nothing, not even to NaN; an infinity only to itself. Shapes must be equal.
 *
 * @example compareClose([1, 2], [1, 2.5]).message // "at [1]: received 2, expected 2.5 (relative error 2.0e-1; allowed: 1e-8 + 1e-5 |expected|)"
 * @example compareClose([1, 2], [1, 2, 3]).message // "received shape [2], expected shape [3]"
 */
export function compareClose(
  received: unknown,
  expected: unknown,
  { rtol = 1e-5, atol = 1e-8 }: CloseOptions = {},
): Comparison {
  const [shape, wanted] = [shapeOf(received), shapeOf(expected)];
  if (typeof shape === "string") return incomparable(`received ${shape}, expected ${outline(expected)}`);
  if (typeof wanted === "string") return incomparable(`the expected value is unusable: it is ${wanted}`);
  if (!sameShape(shape, wanted))
    return incomparable(`received ${outline(received)}, expected ${outline(expected)}`);

  // Not before: what was received may be larger than anyone expected.
  const [got, want] = [elementsOf(received as Numeric), elementsOf(expected as Numeric)];
  let worst = -1;
  let largestExcess = -1;
  for (let i = 0; i < got.length; i++) {
    const excess = excessOf(got[i], want[i], rtol, atol);
    if (excess > largestExcess) [worst, largestExcess] = [i, excess];
  }
  if (worst < 0) return { ...incomparable("nothing to compare: both are empty"), pass: true };
  const [a, b] = [got[worst], want[worst]];
  const relativeError = relativeErrorOf(a, b);
  const index = indexAt(worst, shape);
  const place = index.length > 0 ? `at ${show(index)}: ` : "";
  return {
    pass: largestExcess <= 1,
    worstIndex: index,
    receivedAtWorst: a,
    expectedAtWorst: b,
    relativeError,
    message:
      `${place}received ${a}, expected ${b} ` +
      `(relative error ${relativeError.toExponential(1)}; allowed: ${brief(atol)} + ${brief(rtol)} |expected|)`,
  };
}

/**
 * Whether all numbers are close; the rule is that of {@link compareClose}.
 *
 * @example allClose(tensor([0.1, 0.2]).add(0.2), [0.3, 0.4]) // true
 * @example allClose(NaN, NaN) // false
 */
export function allClose(received: unknown, expected: unknown, options?: CloseOptions): boolean {
  return compareClose(received, expected, options).pass;
}

/** |a − b| / max(|a|, |b|), and 0 where both are equal. */
export function relativeErrorOf(a: number, b: number): number {
  return a === b ? 0 : Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b));
}

/** How many times its tolerance the error is: up to 1 is close. */
function excessOf(a: number, b: number, rtol: number, atol: number): number {
  if (a === b) return 0;
  if (!Number.isFinite(a) || !Number.isFinite(b)) return Infinity;
  return Math.abs(a - b) / (atol + rtol * Math.abs(b));
}

function incomparable(message: string): Comparison {
  const nothing = { worstIndex: null, receivedAtWorst: null, expectedAtWorst: null, relativeError: null };
  return { pass: false, ...nothing, message };
}

const scalar: Shape = [];

/** The shape of numbers, or what the value is instead. */
function shapeOf(value: unknown): Shape | string {
  if (typeof value === "number") return scalar;
  if (isNumberView(value)) return [value.length];
  if (isTensorLike(value)) return value.shape;
  if (!Array.isArray(value)) return describe(value);
  const rows = value.map(shapeOf);
  const odd = rows.findIndex((row) => typeof row === "string");
  if (odd >= 0) return `an array whose element ${odd} is ${rows[odd] as string}`;
  const shapes = rows as Shape[];
  const inner = shapes[0] ?? [];
  const ragged = shapes.findIndex((shape) => !sameShape(shape, inner));
  if (ragged >= 0)
    return `a ragged array: element ${ragged} is ${outline(value[ragged])}, element 0 ${outline(value[0])}`;
  return [shapes.length, ...inner];
}

/** The numbers in row-major order, of a value that has a shape. */
function elementsOf(value: Numeric): ArrayLike<number> {
  if (typeof value === "number") return [value];
  if (isNumberView(value)) return value;
  if (isTensorLike(value)) return value.data;
  return (value as Numeric[]).flatMap((row) => (typeof row === "number" ? row : Array.from(elementsOf(row))));
}

function isNumberView(value: unknown): value is ArrayLike<number> {
  if (!ArrayBuffer.isView(value) || value instanceof DataView) return false;
  return !(value instanceof BigInt64Array || value instanceof BigUint64Array);
}

// By its fields, not its class: a tensor may come from another copy of the library.
function isTensorLike(value: unknown): value is { shape: Shape; data: ArrayLike<number> } {
  const { shape, data } = (value ?? {}) as { shape?: unknown; data?: unknown };
  return Array.isArray(shape) && isNumberView(data) && sizeOf(shape as Shape) === data.length;
}

function outline(value: unknown): string {
  const shape = shapeOf(value);
  if (typeof shape === "string") return shape;
  return shape.length === 0 ? `the number ${elementsOf(value as Numeric)[0]}` : `shape ${show(shape)}`;
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return `${value}, which is no number`;
  if (typeof value === "string") return `the string ${JSON.stringify(value)}, which is no number`;
  if (typeof value === "boolean" || typeof value === "bigint")
    return `the ${typeof value} ${value}, which is no number`;
  if (typeof value === "function") return "a function, which is no number";
  if (value instanceof Promise) return "a promise, which is no number; await would give its value";
  return `an object of class ${value.constructor?.name ?? "Object"}, which is no number`;
}

/** A tolerance as people write it: 1e-5, 0.01. */
function brief(tolerance: number): string {
  return tolerance === 0 || tolerance >= 0.001 ? String(tolerance) : tolerance.toExponential();
}
