import { displaySymbol, escapeHtml, inspectSymbol, type MimeBundle } from "../display/mime.js";

/**
 * A number that remembers how it was computed, so that {@link Value.backward} can tell how the result
 * changes with each number it came from: reverse-mode differentiation, one scalar at a time.
 *
 * Each operation notes its local slopes ∂out/∂input. `backward` walks the graph from the result to the leaves and
 * multiplies: *upstream × local = downstream*. Where a value is used several times, the contributions add.
 * The work grows in proportion to the number of values, and depth is no limit.
 *
 * @see Karpathy (2020), micrograd.
 * @example
 * const x = new Value(-2), y = new Value(5), z = new Value(-4);
 * x.add(y).mul(z).backward();
 * [x.grad, y.grad, z.grad] // [-4, -4, 3]
 */
export class Value {
  data: number;
  /** How the result of `backward` changes with this value. */
  grad = 0;
  /** Name of the operation that computed this value; `""` for a leaf. */
  op = "";
  /** A name for drawings. */
  label?: string;
  // The inputs, at most two, and ∂this/∂input for each. They are fields of their own, not arrays: a graph has many small
  // values, and making arrays for each takes longer than the arithmetic.
  #first: Value | null = null;
  #second: Value | null = null;
  #slopeOfFirst: number | null = null;
  #slopeOfSecond: number | null = null;
  /** The last walk through the graph that has come by here. */
  #walk = 0;

  constructor(data: number, options?: { label?: string }) {
    this.data = data;
    if (options?.label !== undefined) this.label = options.label;
  }

  /** What this value was computed from. */
  get inputs(): readonly Value[] {
    if (this.#first === null) return [];
    return this.#second === null ? [this.#first] : [this.#first, this.#second];
  }

  /** @example new Value(2).add(3).data // 5 */
  add(other: Value | number): Value {
    const b = asValue(other);
    return Value.#result("add", this.data + b.data, this, 1, b, 1);
  }

  /** @example new Value(2).sub(3).data // -1 */
  sub(other: Value | number): Value {
    const b = asValue(other);
    return Value.#result("sub", this.data - b.data, this, 1, b, -1);
  }

  /** @example new Value(2).mul(3).data // 6 */
  mul(other: Value | number): Value {
    const b = asValue(other);
    return Value.#result("mul", this.data * b.data, this, b.data, b, this.data);
  }

  /** @example new Value(3).div(2).data // 1.5 */
  div(other: Value | number): Value {
    const b = asValue(other);
    return Value.#result("div", this.data / b.data, this, 1 / b.data, b, -this.data / b.data ** 2);
  }

  /** @example new Value(2).neg().data // -2 */
  neg(): Value {
    return Value.#result("neg", -this.data, this, -1);
  }

  /** xⁿ for a constant n; its slope is n xⁿ⁻¹. */
  pow(exponent: number): Value {
    const slope = exponent === 0 ? 0 : exponent * this.data ** (exponent - 1);
    return Value.#result("pow", this.data ** exponent, this, slope);
  }

  /** eˣ, its own slope. */
  exp(): Value {
    const y = Math.exp(this.data);
    return Value.#result("exp", y, this, y);
  }

  /** Slope 1 − tanh². */
  tanh(): Value {
    const y = Math.tanh(this.data);
    return Value.#result("tanh", y, this, 1 - y * y);
  }

  /** 1 / (1 + e⁻ˣ); slope σ(1 − σ). */
  sigmoid(): Value {
    const y = 1 / (1 + Math.exp(-this.data));
    return Value.#result("sigmoid", y, this, y * (1 - y));
  }

  /** max(x, 0); slope 1 above 0, and 0 elsewhere. */
  relu(): Value {
    return Value.#result("relu", Math.max(this.data, 0), this, this.data > 0 ? 1 : 0);
  }

  /**
   * Adds ∂this/∂v to `v.grad` for every value `v` that this one was computed from, itself included.
   * A second call adds the same once more; see {@link zeroGrad}.
   */
  backward(): void {
    const order = this.#inputsFirst();
    const earlier = new Float64Array(order.length);
    for (let i = 0; i < order.length; i++) {
      earlier[i] = order[i].grad;
      order[i].grad = 0;
    }
    this.grad = 1;
    for (let i = order.length - 1; i >= 0; i--) {
      const value = order[i];
      if (value.#first) value.#first.grad += value.grad * value.#slopeOfFirst!;
      if (value.#second) value.#second.grad += value.grad * value.#slopeOfSecond!;
      value.grad += earlier[i];
    }
  }

  /** Sets the gradient of this value, and of every value it was computed from, back to 0. */
  zeroGrad(): void {
    for (const value of this.#inputsFirst()) value.grad = 0;
  }

  /** One line with label, data and gradient. */
  toString(): string {
    const label = this.label === undefined ? "" : `, label=${JSON.stringify(this.label)}`;
    return `Value(data=${short(this.data)}, grad=${short(this.grad)}${label})`;
  }

  /** The line of {@link toString}, and the same as HTML for notebooks. */
  [displaySymbol](): MimeBundle {
    const name = this.label === undefined ? "Value" : `Value <b>${escapeHtml(this.label)}</b>`;
    const html = `<div class="gradlab-value">${name} data <b>${short(this.data)}</b> · grad <b>${short(this.grad)}</b></div>`;
    return { "text/plain": this.toString(), "text/html": html };
  }

  /** What `console.log` prints: the line of {@link toString}. */
  [inspectSymbol](): string {
    return this.toString();
  }

  /** All values that this one was computed from, and itself, each after its inputs. A loop: recursion would overflow. */
  #inputsFirst(): Value[] {
    walks += 2;
    const entered = walks;
    const listed = walks + 1;
    const order: Value[] = [];
    const open: Value[] = [this];
    while (open.length > 0) {
      const value = open[open.length - 1];
      if (value.#walk < entered) {
        value.#walk = entered;
        const first = value.#first;
        const second = value.#second;
        if (second && second.#walk < entered) open.push(second);
        if (first && first.#walk < entered) open.push(first);
      } else {
        // its inputs, which went on top of it, are all listed by now
        open.pop();
        if (value.#walk === entered) order.push(value);
        value.#walk = listed;
      }
    }
    return order;
  }

  static #result(
    op: string,
    data: number,
    first: Value,
    slopeOfFirst: number,
    second: Value | null = null,
    slopeOfSecond: number | null = null,
  ): Value {
    const out = new Value(data);
    out.op = op;
    out.#first = first;
    out.#slopeOfFirst = slopeOfFirst;
    out.#second = second;
    out.#slopeOfSecond = slopeOfSecond;
    return out;
  }
}

/** Two for each walk through a graph so far. */
let walks = 0;

function asValue(x: Value | number): Value {
  return typeof x === "number" ? new Value(x) : x;
}

function short(x: number): string {
  return String(Number(x.toPrecision(6)));
}
