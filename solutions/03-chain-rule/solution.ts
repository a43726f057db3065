// Lesson 3 – The chain rule – the reference answers. Derived from solutions/03-chain-rule/lesson.md by gradlab tangle.

/** @exercise composite-derivative */
/** The slope dz/dx of z = y² with y = 1 − 3x, at the number x. */
export function compositeDerivative(x: number): number {
  const y = 1 - 3 * x;
  const dzdy = 2 * y;
  const dydx = -3;
  return dzdy * dydx;
}

/** @exercise total-derivative */
/** dz/ds along M paths. outer [M]: ∂z/∂yₘ; inner [M]: dyₘ/ds. */
export function totalDerivative(outer: number[], inner: number[]): number {
  let sum = 0;
  for (let m = 0; m < outer.length; m++) sum += outer[m] * inner[m];
  return sum;
}

/** @exercise numerical-gradient */
/**
 * The gradient of f at x by central differences.
 * f takes a list of n numbers and returns one; x [n] → [n].
 */
export function numericalGradient(f: (x: number[]) => number, x: number[], h = 1e-5): number[] {
  return x.map((_, i) => {
    const up = [...x];
    const down = [...x];
    up[i] += h;
    down[i] -= h;
    return (f(up) - f(down)) / (2 * h);
  });
}

/** @shared network */
/** What the 2-2-1 network computes on the way to its prediction. */
export interface Activations {
  h1: number;
  h2: number;
  prediction: number;
}

/** The forward pass of the 2-2-1 network. x [2], w [6], b [3]. */
export function network(x: number[], w: number[], b: number[]): Activations {
  const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
  const h1 = sigmoid(w[0] * x[0] + w[1] * x[1] + b[0]);
  const h2 = sigmoid(w[2] * x[0] + w[3] * x[1] + b[1]);
  return { h1, h2, prediction: w[4] * h1 + w[5] * h2 + b[2] };
}

/** @exercise first-weight-slope */
/** ∂E/∂w₁ of the 2-2-1 network with E = (y − ŷ)². x [2], w [6], b [3], y a number. */
export function firstWeightSlope(x: number[], w: number[], b: number[], y: number): number {
  const { h1, prediction } = network(x, w, b);
  const dEdPrediction = -2 * (y - prediction);
  const dPredictionDh1 = w[4];
  const dh1dz1 = h1 * (1 - h1);
  const dz1dw1 = x[0];
  return dEdPrediction * dPredictionDh1 * dh1dz1 * dz1dw1;
}

/** @exercise gate-rules */
/**
 * The slopes ∂y/∂x₀, ∂y/∂x₁, … of the gate `op`, one per input.
 * x [inputs]; y its output; n the exponent, for pow only.
 */
export function localSlopes(op: string, x: number[], y: number, n = 1): number[] {
  if (x.length === 0) return []; // a leaf: a number that no gate computed
  if (op === "add") return [1, 1];
  if (op === "mul") return [x[1], x[0]];
  if (op === "max") return x[0] >= x[1] ? [1, 0] : [0, 1];
  if (op === "pow") return [n * x[0] ** (n - 1)];
  if (op === "exp") return [y];
  if (op === "tanh") return [1 - y * y];
  if (op === "relu") return [x[0] > 0 ? 1 : 0];
  if (op === "sigmoid") return [y * (1 - y)];
  throw new Error(`localSlopes: there is no gate ${op}`);
}

/** @shared graph-node */
/** As much of a node as an order needs: a name, and the nodes it was computed from. */
export class GraphNode {
  label: string;
  inputs: GraphNode[];

  constructor(label: string, inputs: GraphNode[] = []) {
    this.label = label;
    this.inputs = inputs;
  }
}

/** The last node of a chain: node 0 is the input of node 1, and so on. */
export function chainOf(length: number): GraphNode {
  let node = new GraphNode("0");
  for (let i = 1; i < length; i++) node = new GraphNode(String(i), [node]);
  return node;
}

/** @exercise topological-sort */
/** `root` and every node that it was computed from: each once, each after its inputs. */
export function topologicalSort<Node extends { inputs: Node[] }>(root: Node): Node[] {
  const order: Node[] = [];
  const entered = new Set<Node>();
  const done = new Set<Node>();
  const stack = [root];
  while (stack.length > 0) {
    const node = stack[stack.length - 1];
    if (!entered.has(node)) {
      entered.add(node);
      for (const input of node.inputs) if (!entered.has(input)) stack.push(input);
    } else {
      stack.pop();
      if (!done.has(node)) order.push(node);
      done.add(node);
    }
  }
  return order;
}

/** @exercise value-backward */
/** A number that remembers how it was computed. */
export class Value {
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
    const arrived = new Map<Value, number>([[this, 1]]);
    for (const v of topologicalSort<Value>(this).reverse()) {
      const g = arrived.get(v) ?? 0;
      v.grad += g;
      const x = v.inputs.map((input) => input.data);
      const slopes = localSlopes(v.op, x, v.data, v.exponent);
      for (const [i, input] of v.inputs.entries()) {
        arrived.set(input, (arrived.get(input) ?? 0) + g * slopes[i]);
      }
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
export function asValue(x: Value | number): Value {
  return x instanceof Value ? x : new Value(x);
}

/** @exercise train-neuron */
export interface Neuron {
  /** Weights [2]. */
  w: number[];
  b: number;
  /** The loss before each step [steps]. */
  losses: number[];
}

/**
 * Trains ŷ = σ(w₁x₁ + w₂x₂ + b) by gradient descent on the mean squared error.
 * points [N][2], targets [N].
 */
export function trainNeuron(
  points: number[][],
  targets: number[],
  steps: number,
  rate: number,
): Neuron {
  const [w1, w2, b] = [new Value(0), new Value(0), new Value(0)];
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    let loss = new Value(0);
    points.forEach(([x1, x2], n) => {
      const prediction = w1.mul(x1).add(w2.mul(x2)).add(b).sigmoid();
      loss = loss.add(prediction.sub(targets[n]).pow(2));
    });
    loss = loss.mul(1 / points.length);
    loss.zeroGrad();
    loss.backward();
    for (const parameter of [w1, w2, b]) parameter.data -= rate * parameter.grad;
    losses.push(loss.data);
  }
  return { w: [w1.data, w2.data], b: b.data, losses };
}
