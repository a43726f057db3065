// Operations on pairs of elements, and their gradients in one pass.
import type { Binary } from "../../engine/kernels/elementwise.js";
import type { FusedNode, FusedRule } from "../../tensor/history.js";
import { sameShape } from "../../tensor/shape.js";
import { Tensor } from "../../tensor/tensor.js";
import { drop, temporary } from "../temporary.js";
import { addressOf, runElements, type NameOf } from "./address.js";
import { allAxes, axesOf, layoutOf, sumOver, type Layout } from "./broadcast.js";

type BinaryName = NameOf<Binary>;

/** How the engine computes an operation on pairs of elements. */
export interface BinaryRules {
  readonly operands: 2;
  readonly kernel: BinaryName;
  /** Whether the kernel serves for plain numbers, too. */
  readonly takesNumbers: boolean;
  readonly forward: (out: Tensor, inputs: readonly Tensor[]) => boolean;
  readonly backward: FusedRule;
}

/** The gradient of operand `i`, 0 or 1. */
type OperandGradient = (g: Tensor, node: FusedNode, layout: Layout, i: 0 | 1) => Tensor;

function binary(kernel: BinaryName, gradientA: OperandGradient, gradientB: OperandGradient): BinaryRules {
  return {
    operands: 2,
    kernel,
    takesNumbers: true,
    forward(out, [a, b]) {
      const layout = layoutOf(a.shape, b.shape, out.shape);
      if (layout) combine(kernel, a, b, out, layout);
      return layout !== null;
    },
    backward(g, node) {
      const layout = layoutOf(node.like(0).shape, node.like(1).shape, g.shape);
      if (!layout) return null;
      return [
        node.wants(0) ? gradientA(g, node, layout, 0) : null,
        node.wants(1) ? gradientB(g, node, layout, 1) : null,
      ];
    },
  };
}

export const addRules: BinaryRules = binary("add", passedOn, passedOn);

export const subRules: BinaryRules = binary("sub", passedOn, (g, node, layout) => {
  const sum = passedOn(g, node, layout, 1);
  const out = sum.storage === g.storage ? temporary(sum.shape, sum.size) : sum;
  runElements("neg", [addressOf(sum), addressOf(out)], out.size);
  return out;
});

export const mulRules: BinaryRules = binary("mul", timesOther, timesOther);

export const divRules: BinaryRules = binary(
  "div",
  // G / B
  (g, { inputs: [a, b] }, layout) => {
    const share = temporary(g.shape, g.size);
    combine("div", g, b, share, { ...layout, aAxes: allAxes });
    return fitted(share, layout, 0, a);
  },
  // −G out / B
  (g, { inputs, output }, layout) => {
    const b = inputs[1];
    if (layout.bAxes === allAxes) {
      const db = temporary(b.shape, b.size);
      runElements("divBackward", [addressOf(g), addressOf(output), addressOf(b), addressOf(db)], b.size);
      return db;
    }
    const db = sumOver(g, output, layout, 1, b);
    const at = addressOf(db);
    runElements("div", [at, addressOf(b), at, 1, b.size, allAxes, allAxes], b.size);
    runElements("neg", [at, at], b.size);
    return db;
  },
);

export const maximumRules: BinaryRules = extreme("maximum", 0, 1);
export const minimumRules: BinaryRules = extreme("minimum", 1, 0);

/** G goes to the winner, half of it to each where both are equal; `first` wins where it is larger. */
function extreme(kernel: BinaryName, first: 0 | 1, second: 0 | 1): BinaryRules {
  const rules = binary(kernel, toWinner(first, second), toWinner(second, first));
  return {
    ...rules,
    // operands that were repeated take the rule for all dtypes
    backward: (g, node) =>
      node.like(0).size === g.size && node.like(1).size === g.size ? rules.backward(g, node) : null,
  };
}

function toWinner(larger: 0 | 1, smaller: 0 | 1): OperandGradient {
  return (g, { inputs }, _layout, i) => {
    const out = temporary(inputs[i].shape, g.size);
    const [a, b] = [addressOf(inputs[larger]), addressOf(inputs[smaller])];
    runElements("maximumBackward", [addressOf(g), a, b, addressOf(out)], g.size);
    return out;
  };
}

/** aᵇ; its gradient where b is a plain number. */
export const powRules: BinaryRules = {
  operands: 2,
  kernel: "pow",
  takesNumbers: false,
  forward(out, [a, b]) {
    if (b.size === 1) {
      runElements("powScalar", [addressOf(a), addressOf(out), b.item()], out.size);
      return true;
    }
    const layout = layoutOf(a.shape, b.shape, out.shape);
    if (layout) combine("pow", a, b, out, layout);
    return layout !== null;
  },
  backward(g, node) {
    const [a, b] = node.inputs;
    if (node.wants(1) || b.size !== 1 || a.size !== g.size) return null;
    const da = temporary(a.shape, a.size);
    runElements("powScalarBackward", [addressOf(g), addressOf(a), addressOf(da), b.item()], a.size);
    return [da, null];
  },
};

/** The gradient as it came, summed over what was repeated. */
function passedOn(g: Tensor, node: FusedNode, layout: Layout, i: 0 | 1): Tensor {
  const operand = node.like(i);
  return axesOf(layout, i) === allAxes ? shapedLike(operand, g) : sumOver(g, null, layout, i, operand);
}

/** G times the other operand. */
function timesOther(g: Tensor, { inputs }: FusedNode, layout: Layout, i: 0 | 1): Tensor {
  const other = inputs[1 - i];
  const otherAxes = axesOf(layout, (1 - i) as 0 | 1);
  if (axesOf(layout, i) !== allAxes && otherAxes === allAxes) return sumOver(g, other, layout, i, inputs[i]);
  const product = temporary(g.shape, g.size);
  combine("mul", g, other, product, { ...layout, aAxes: allAxes, bAxes: otherAxes });
  return fitted(product, layout, i, inputs[i]);
}

/** A gradient of the shape of the result summed to that of the operand. */
function fitted(full: Tensor, layout: Layout, i: 0 | 1, operand: Tensor): Tensor {
  if (axesOf(layout, i) === allAxes) return shapedLike(operand, full);
  const sum = sumOver(full, null, layout, i, operand);
  drop(full);
  return sum;
}

/** The same gradient under a shape that differs at most in axes of size 1. */
function shapedLike({ shape }: Tensor, g: Tensor): Tensor {
  return sameShape(shape, g.shape) ? g : new Tensor(g.storage, shape, g.dtype);
}

/** `out = kernel(a, b)`. */
function combine(kernel: BinaryName, a: Tensor, b: Tensor, out: Tensor, layout: Layout): void {
  if (out.size === 0) return;
  const { middle, inner, aAxes, bAxes } = layout;
  const [pa, pb, to] = [addressOf(a), addressOf(b), addressOf(out)];
  runElements(kernel, [pa, pb, to, middle, inner, aAxes, bAxes], out.size);
}

/** `a += b`, for tensors of one shape and dtype. */
export function addInPlace(a: Tensor, b: Tensor): void {
  if (a.storage.pointer !== 0 && b.storage.pointer !== 0) {
    const at = a.storage.pointer;
    runElements("add", [at, b.storage.pointer, at, 1, a.size, allAxes, allAxes], a.size);
  } else {
    const [to, from] = [a.elements, b.elements];
    for (let i = 0; i < to.length; i++) to[i] += from[i];
  }
}
