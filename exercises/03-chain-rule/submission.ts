// Lesson 3 – The chain rule – your answers. Derived from solutions/03-chain-rule/lesson.md by gradlab tangle.

/** @exercise composite-derivative */
/** The slope dz/dx of z = y² with y = 1 − 3x, at the number x. */
export function compositeDerivative(x: number): number {
  // TODO: multiply the two local slopes
  throw new Error("TODO composite-derivative: multiply the two local slopes");
}

/** @exercise total-derivative */
/** dz/ds along M paths. outer [M]: ∂z/∂yₘ; inner [M]: dyₘ/ds. */
export function totalDerivative(outer: number[], inner: number[]): number {
  // TODO: add up outer slope times inner slope over the paths
  throw new Error("TODO total-derivative: add up outer slope times inner slope over the paths");
}

/** @exercise numerical-gradient */
/**
 * The gradient of f at x by central differences.
 * f takes a list of n numbers and returns one; x [n] → [n].
 */
export function numericalGradient(f: (x: number[]) => number, x: number[], h = 1e-5): number[] {
  // TODO: a central difference for each coordinate
  throw new Error("TODO numerical-gradient: a central difference for each coordinate");
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
  // TODO: multiply the four local slopes along the path from E to w₁
  throw new Error("TODO first-weight-slope: multiply the four local slopes along the path from E to w₁");
}

/** @exercise gate-rules */
/**
 * The slopes ∂y/∂x₀, ∂y/∂x₁, … of the gate `op`, one per input.
 * x [inputs]; y its output; n the exponent, for pow only.
 */
export function localSlopes(op: string, x: number[], y: number, n = 1): number[] {
  if (x.length === 0) return []; // a leaf: a number that no gate computed
  if (op === "add") return [1, 1];
  // TODO: give every other gate of the table a line like the one for add
  throw new Error("TODO gate-rules: give every other gate of the table a line like the one for add");
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
  // TODO: list every node once, after its inputs, with a stack of your own
  throw new Error("TODO topological-sort: list every node once, after its inputs, with a stack of your own");
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
    // TODO: visit the nodes from the root to the leaves; keep what arrived, and send it on
    throw new Error("TODO value-backward: visit the nodes from the root to the leaves; keep what arrived, and send it on");
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
  // TODO: in each step build the loss, run backward, move the parameters downhill
  throw new Error("TODO train-neuron: in each step build the loss, run backward, move the parameters downhill");
  return { w: [w1.data, w2.data], b: b.data, losses };
}
