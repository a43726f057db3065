import { changedSince } from "../tensor/changes.js";
import { ones, zeros } from "../tensor/create.js";
import { GradientError, ShapeError } from "../tensor/errors.js";
import { withGradMode } from "../tensor/grad-mode.js";
import { sameShape, show } from "../tensor/shape.js";
import type { BackwardNode, GradientHook, History } from "../tensor/history.js";
import type { Tensor } from "../tensor/tensor.js";
import { add } from "./arithmetic.js";
import { cast } from "./cast.js";
import { sum } from "./reduce.js";
import { reshape } from "./shape.js";

/** Where {@link backward} starts from, and what it leaves of the graph. */
export interface BackwardOptions {
  /** Gradient with respect to the output, of its shape; 1 by default, which needs a single-element output. */
  gradient?: Tensor;
  /** Whether the gradients are themselves to be differentiable. */
  createGraph?: boolean;
  /** Whether gradients may be computed through the same graph again; by default the value of `createGraph`. */
  retainGraph?: boolean;
}

/**
 * Adds the gradient of `output` to `leaf.grad` for every leaf that requires one, by reverse-mode differentiation.
 *
 * @throws GradientError if `output` requires no gradient, has several elements but `gradient` is not given, was computed
 * from a tensor that has been changed in place since, or if its graph has been used before, without `retainGraph`.
 * @throws ShapeError if `gradient` does not have the shape of `output`.
 * @example
 * const x = tensor([1, 2, 3], { requiresGrad: true });
 * sum(mul(x, x)).backward();
 * x.grad!.toArray() // [2, 4, 6]
 */
export function backward(
  output: Tensor,
  { gradient, createGraph = false, retainGraph = createGraph }: BackwardOptions = {},
): void {
  const seed = initialGradient("backward", output, gradient);
  withGradMode(createGraph, () => {
    for (const [tensor, g] of propagate(
      "backward",
      output,
      seed,
      retainGraph,
      (tensor) => tensor.keepsGrad,
    )) {
      tensor.grad = tensor.grad ? add(tensor.grad, g) : copyOf(g);
    }
  });
}

/** Where {@link grad} starts from, and what it leaves of the graph. */
export interface GradOptions {
  /** Gradient with respect to the output, of its shape; 1 by default, which needs a single-element output. */
  gradOutputs?: Tensor;
  /** Whether the gradients are themselves to be differentiable. */
  createGraph?: boolean;
  /** Whether gradients may be computed through the same graph again; by default the value of `createGraph`. */
  retainGraph?: boolean;
}

/**
 * The gradient of `output` with respect to each input, without touching any `.grad`.
 * It is zero for an input that `output` does not depend on.
 *
 * @throws GradientError if `output` or an input requires no gradient, `output` has several elements but `gradOutputs` is
 * not given, or where {@link backward} would not run through the graph.
 * @throws ShapeError if `gradOutputs` does not have the shape of `output`.
 * @example
 * const x = tensor(2, { requiresGrad: true });
 * const slope = grad(pow(x, 3), x, { createGraph: true });
 * [slope.item(), grad(slope, x).item()] // [12, 12]
 */
export function grad(output: Tensor, inputs: Tensor, options?: GradOptions): Tensor;
export function grad(output: Tensor, inputs: readonly Tensor[], options?: GradOptions): Tensor[];
export function grad(
  output: Tensor,
  inputs: Tensor | readonly Tensor[],
  { gradOutputs, createGraph = false, retainGraph = createGraph }: GradOptions = {},
): Tensor | Tensor[] {
  const wanted = Array.isArray(inputs) ? (inputs as readonly Tensor[]) : [inputs as Tensor];
  wanted.forEach((input, i) => {
    if (input.requiresGrad) return;
    throw new GradientError(`grad: input ${i} requires no gradient. Make it with requiresGrad: true.`);
  });
  const seed = initialGradient("grad", output, gradOutputs);
  const targets = new Set(wanted);
  const gradients = withGradMode(createGraph, () => {
    const found = propagate("grad", output, seed, retainGraph, (tensor) => targets.has(tensor));
    return wanted.map((input) => copyOf(found.get(input) ?? zeros(input.shape, { dtype: input.dtype })));
  });
  return Array.isArray(inputs) ? gradients : gradients[0];
}

function initialGradient(op: string, output: Tensor, given: Tensor | undefined): Tensor {
  if (!output.requiresGrad) {
    throw new GradientError(
      `${op}: nothing that the output was computed from requires a gradient. ` +
        `Make an input with requiresGrad: true, and compute outside noGrad.`,
    );
  }
  if (given) {
    if (sameShape(given.shape, output.shape)) {
      return given.dtype === output.dtype ? given : cast(given, output.dtype);
    }
    throw new ShapeError(
      `${op}: the given gradient is ${show(given.shape)}, the output ${show(output.shape)}. Their shapes must be equal.`,
    );
  }
  if (output.size === 1) return ones(output.shape, { dtype: output.dtype });
  const option = op === "grad" ? "gradOutputs" : "gradient";
  throw new GradientError(
    `${op}: the output is ${show(output.shape)}; only an output of one element has an implied gradient of 1. ` +
      `Reduce it first, for instance with sum, or pass ${option} of its shape.`,
  );
}

/** The gradients of `output`, starting from its own, for those tensors of its graph that `keep` asks for. */
function propagate(
  caller: string,
  output: Tensor,
  seed: Tensor,
  retainGraph: boolean,
  keep: (tensor: Tensor) => boolean,
): Map<Tensor, Tensor> {
  const order = topologicalOrder(output);
  checkUnused(caller, order);
  const gradients = new Map([[output, seed]]);
  for (const tensor of order.toReversed()) {
    const complete = gradients.get(tensor);
    if (!complete) continue;
    const g = tensor.hooks.reduce((gradient, hook) => hooked(tensor, hook, gradient), complete);
    if (keep(tensor)) gradients.set(tensor, g);
    else gradients.delete(tensor);
    if (!tensor.history) continue;
    const { op, inputs, backward } = tensor.history;
    const parts = backward(g, nodeOf(caller, tensor, tensor.history));
    inputs.forEach((input, i) => {
      const part = parts[i]!;
      if (!input.requiresGrad || part === null) return;
      const own = fitTo(input, typeof part === "function" ? part() : part, op);
      const others = gradients.get(input);
      gradients.set(input, others ? add(others, own) : own);
    });
  }
  if (!retainGraph) for (const { history } of order) if (history) history.used = true;
  return gradients;
}

function checkUnused(caller: string, order: readonly Tensor[]): void {
  const used = order.find(({ history }) => history?.used);
  if (!used) return;
  throw new GradientError(
    `${caller}: gradients have already been computed through this graph (here, through ${used.history!.op}), and a graph ` +
      `serves once. Compute the output again, or pass retainGraph: true the first time.`,
  );
}

/** What a backward rule sees. A rule that reads inputs or output is refused if they have been changed since. */
function nodeOf(caller: string, output: Tensor, { op, inputs, params, time }: History): BackwardNode {
  const check = (tensor: Tensor, name: string): void => {
    if (!changedSince(tensor.data, time)) return;
    const label = tensor.label === undefined ? "" : ` ("${tensor.label}")`;
    throw new GradientError(
      `${caller}: ${name} of ${op}${label} was changed in place after ${op} ran, so its gradient is lost. ` +
        `Compute the output again after the change.`,
    );
  };
  return {
    params,
    get inputs() {
      inputs.forEach((input, i) => check(input, `input ${i}`));
      return inputs;
    },
    get output() {
      check(output, "the output");
      return output;
    },
  };
}

function hooked(tensor: Tensor, hook: GradientHook, gradient: Tensor): Tensor {
  const replaced = hook(gradient);
  if (!replaced) return gradient;
  if (sameShape(replaced.shape, tensor.shape)) return replaced;
  throw new ShapeError(
    `registerHook: the hook returned a gradient ${show(replaced.shape)} for a tensor ${show(tensor.shape)}.`,
  );
}

/** A gradient to hand out: one rule may give the same storage to several inputs, and its owner may change it. */
function copyOf(gradient: Tensor): Tensor {
  return cast(gradient, gradient.dtype);
}

/** A gradient summed over the axes along which its tensor was broadcast, in the tensor's dtype. */
function fitTo(input: Tensor, gradient: Tensor, op: string): Tensor {
  const missing = gradient.ndim - input.ndim;
  const stretched = gradient.shape.flatMap((size, axis) =>
    axis < missing || (input.shape[axis - missing] === 1 && size !== 1) ? [axis] : [],
  );
  const summed = stretched.length > 0 ? sum(gradient, stretched, { keepDims: true }) : gradient;
  const shaped = missing > 0 ? reshape(summed, summed.shape.slice(missing)) : summed;
  if (!sameShape(shaped.shape, input.shape)) {
    throw new ShapeError(
      `${op}: its backward rule gave a gradient ${show(gradient.shape)} for an input ${show(input.shape)}.`,
    );
  }
  return shaped.dtype === input.dtype ? shaped : cast(shaped, input.dtype);
}

/** `output` and all tensors on its way back to the leaves, each after its inputs. A loop: recursion would overflow. */
function topologicalOrder(output: Tensor): Tensor[] {
  const order: Tensor[] = [];
  const seen = new Set([output]);
  const path = [{ tensor: output, next: 0 }];
  for (let top = path.at(-1); top; top = path.at(-1)) {
    const input = top.tensor.history?.inputs[top.next++];
    if (!input) {
      order.push(top.tensor);
      path.pop();
    } else if (input.requiresGrad && !seen.has(input)) {
      seen.add(input);
      path.push({ tensor: input, next: 0 });
    }
  }
  return order;
}
