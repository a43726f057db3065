import { displaySymbol, escapeHtml, inspectSymbol, type MimeBundle } from "../display/mime.js";

/**
 * A number that remembers how it was computed, so that {@link Value.backward} can tell how the result
 * changes with each number it came from: reverse-mode differentiation, one scalar at a time.
 *
 * Each operation notes its local slopes ∂out/∂input. `backward` walks the graph from the result to the leaves and
 * multiplies: *upstream × local = downstream*. Where a value is used several times, the contributions add.
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
  inputs: readonly Value[] = [];
  /** A name for drawings. */
  label?: string;
  /** ∂this/∂input for each input. */
  #slopes: readonly number[] = [];

  constructor(data: number, options: { label?: string } = {}) {
    this.data = data;
    if (options.label !== undefined) this.label = options.label;
  }

  /** @example new Value(2).add(3).data // 5 */
  add(other: Value | number): Value {
    const b = asValue(other);
    return this.#result("add", this.data + b.data, [this, b], [1, 1]);
  }

  /** @example new Value(2).sub(3).data // -1 */
  sub(other: Value | number): Value {
    const b = asValue(other);
    return this.#result("sub", this.data - b.data, [this, b], [1, -1]);
  }

  /** @example new Value(2).mul(3).data // 6 */
  mul(other: Value | number): Value {
    const b = asValue(other);
    return this.#result("mul", this.data * b.data, [this, b], [b.data, this.data]);
  }

  /** @example new Value(3).div(2).data // 1.5 */
  div(other: Value | number): Value {
    const b = asValue(other);
    return this.#result("div", this.data / b.data, [this, b], [1 / b.data, -this.data / b.data ** 2]);
  }

  /** @example new Value(2).neg().data // -2 */
  neg(): Value {
    return this.#result("neg", -this.data, [this], [-1]);
  }

  /** xⁿ for a constant n; its slope is n xⁿ⁻¹. */
  pow(exponent: number): Value {
    return this.#result(
      "pow",
      this.data ** exponent,
      [this],
      [exponent === 0 ? 0 : exponent * this.data ** (exponent - 1)],
    );
  }

  /** eˣ, its own slope. */
  exp(): Value {
    const y = Math.exp(this.data);
    return this.#result("exp", y, [this], [y]);
  }

  /** Slope 1 − tanh². */
  tanh(): Value {
    const y = Math.tanh(this.data);
    return this.#result("tanh", y, [this], [1 - y * y]);
  }

  /** 1 / (1 + e⁻ˣ); slope σ(1 − σ). */
  sigmoid(): Value {
    const y = 1 / (1 + Math.exp(-this.data));
    return this.#result("sigmoid", y, [this], [y * (1 - y)]);
  }

  /** max(x, 0); slope 1 above 0, and 0 elsewhere. */
  relu(): Value {
    return this.#result("relu", Math.max(this.data, 0), [this], [this.data > 0 ? 1 : 0]);
  }

  /**
   * Adds ∂this/∂v to `v.grad` for every value `v` that this one was computed from, itself included.
   * A second call adds the same once more; see {@link zeroGrad}.
   */
  backward(): void {
    const order = topologicalOrder(this);
    const earlier = order.map((value) => value.grad);
    for (const value of order) value.grad = 0;
    this.grad = 1;
    for (const value of order.toReversed()) {
      value.inputs.forEach((input, i) => (input.grad += value.grad * value.#slopes[i]));
    }
    order.forEach((value, i) => (value.grad += earlier[i]));
  }

  /** Sets the gradient of this value, and of every value it was computed from, back to 0. */
  zeroGrad(): void {
    for (const value of topologicalOrder(this)) value.grad = 0;
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

  #result(op: string, data: number, inputs: readonly Value[], slopes: readonly number[]): Value {
    const out = new Value(data);
    out.op = op;
    out.inputs = inputs;
    out.#slopes = slopes;
    return out;
  }
}

/** All values that `root` was computed from, each after its inputs. A loop, as recursion would overflow the stack. */
function topologicalOrder(root: Value): Value[] {
  const order: Value[] = [];
  const seen = new Set([root]);
  const path = [{ value: root, next: 0 }];
  for (let top = path.at(-1); top; top = path.at(-1)) {
    const input = top.value.inputs[top.next++];
    if (!input) {
      order.push(top.value);
      path.pop();
    } else if (!seen.has(input)) {
      seen.add(input);
      path.push({ value: input, next: 0 });
    }
  }
  return order;
}

function asValue(x: Value | number): Value {
  return typeof x === "number" ? new Value(x) : x;
}

function short(x: number): string {
  return String(Number(x.toPrecision(6)));
}
