// hint: One call is right, a second one gives too much: you sent v.grad downstream, which still contains the first call. Send only what arrived in this call.
/** A number that remembers how it was computed. */
class Value {
  data: number;
  /** ∂root/∂this, summed over all calls of root.backward() since the last zeroGrad(). */
  grad = 0;
  /** The gate that computed it; "" for a leaf. */
  op: string;
  inputs: Value[];
  /** n of the gate pow. */
  exponent: number;

  constructor(data: number, op = "", inputs: Value[] = [], exponent = 1) {
    this.data = data;
    this.op = op;
    this.inputs = inputs;
    this.exponent = exponent;
  }

  /** Adds ∂this/∂v to v.grad, for this value and every v that it was computed from. */
  backward(): void {
    this.grad += 1;
    for (const v of topologicalSort<Value>(this).reverse()) {
      const slopes = localSlopes(v.op, v.inputs.map((input) => input.data), v.data, v.exponent);
      v.inputs.forEach((input, i) => (input.grad += v.grad * slopes[i]));
    }
  }

  /** Clears the gradient of this value and of every value that it was computed from. */
  zeroGrad(): void {
    for (const v of topologicalSort<Value>(this)) v.grad = 0;
  }

  add(other: Value | number): Value {
    const b = asValue(other);
    return new Value(this.data + b.data, "add", [this, b]);
  }
  mul(other: Value | number): Value {
    const b = asValue(other);
    return new Value(this.data * b.data, "mul", [this, b]);
  }
  max(other: Value | number): Value {
    const b = asValue(other);
    return new Value(Math.max(this.data, b.data), "max", [this, b]);
  }
  pow(n: number): Value {
    return new Value(this.data ** n, "pow", [this], n);
  }
  exp(): Value {
    return new Value(Math.exp(this.data), "exp", [this]);
  }
  tanh(): Value {
    return new Value(Math.tanh(this.data), "tanh", [this]);
  }
  relu(): Value {
    return new Value(Math.max(this.data, 0), "relu", [this]);
  }
  sigmoid(): Value {
    return new Value(1 / (1 + Math.exp(-this.data)), "sigmoid", [this]);
  }
  /** Subtraction needs no gate of its own: a − b = a + (−1) b. */
  sub(other: Value | number): Value {
    return this.add(asValue(other).mul(-1));
  }
}

/** Numbers that meet a Value become leaves. */
function asValue(x: Value | number): Value {
  return x instanceof Value ? x : new Value(x);
}
