import { giveBack } from "../engine/borrow.js";
import { changedSince } from "../tensor/changes.js";
import { ones, zeros } from "../tensor/create.js";
import { GradientError, ShapeError } from "../tensor/errors.js";
import { sameShape, show } from "../tensor/shape.js";
import { isGradEnabled, withGradMode } from "../tensor/grad-mode.js";
import type { FusedNode, GradientHook, History } from "../tensor/history.js";
import type { Tensor } from "../tensor/tensor.js";
import { cast } from "./cast.js";
import { addToGradient, handOut, receive } from "./gradients.js";
import { sum } from "./reduce.js";
import { reshape } from "./shape.js";
import { drop, hold, letGo, seen } from "./temporary.js";

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
    const { tensors, gradients } = propagate("backward", output, seed, retainGraph, null);
    tensors.forEach((tensor, i) => addToGradient(tensor, gradients[i]));
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
  const gradients = withGradMode(createGraph, () => {
    const found = propagate("grad", output, seed, retainGraph, new Set(wanted));
    return wanted.map((input) => {
      const i = found.tensors.indexOf(input);
      return i < 0 ? zeros(input.shape, { dtype: input.dtype }) : handOut(found.gradients[i]);
    });
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

/** The tensors whose gradients were asked for, and these gradients, held by this list. */
interface Found {
  readonly tensors: Tensor[];
  readonly gradients: Tensor[];
}

/**
 * The gradients of `output`, starting from its own, for `targets`; by default for those tensors of its graph that keep
 * theirs.
 */
function propagate(
  caller: string,
  output: Tensor,
  seed: Tensor,
  retainGraph: boolean,
  targets: ReadonlySet<Tensor> | null,
): Found {
  const order = inputsFirst(caller, output);
  const found: Found = { tensors: [], gradients: [] };
  // a hook may have called for another pass through the same tensors
  const interrupted = passes > 0 ? order.map((tensor) => tensor.incoming) : null;
  if (interrupted) for (const tensor of order) tensor.incoming = null;
  passes++;
  try {
    receive(output, seed);
    for (let i = order.length - 1; i >= 0; i--) pass(caller, order[i], targets, found);
  } catch (error) {
    for (const tensor of order) tensor.incoming = null;
    throw error;
  } finally {
    passes--;
    interrupted?.forEach((incoming, i) => (order[i].incoming = incoming));
  }
  if (!retainGraph) for (const { history } of order) if (history) history.used = true;
  return found;
}

/** How many calls of `propagate` are under way. */
let passes = 0;

/** Passes the whole gradient of `tensor` on to what it was computed from. */
function pass(caller: string, tensor: Tensor, targets: ReadonlySet<Tensor> | null, found: Found): void {
  let g = tensor.incoming;
  if (!g) return;
  tensor.incoming = null;
  if (tensor.hooks.length > 0) for (const hook of tensor.hooks) g = hooked(tensor, hook, seen(g));
  if (targets ? targets.has(tensor) : tensor.keepsGrad) {
    hold(g);
    found.tensors.push(tensor);
    found.gradients.push(g);
  }
  const { history } = tensor;
  if (history) {
    const view = new NodeView(caller, tensor, history);
    const fused = isGradEnabled() || !history.fused ? null : history.fused(g, view);
    if (fused) passParts(history, fused);
    else passByRule(history, seen(g), view);
    giveBack();
  }
  letGo(g);
}

function passParts({ inputs }: History, parts: readonly (Tensor | null)[]): void {
  for (let i = 0; i < inputs.length; i++) {
    const part = parts[i];
    if (part === null) continue;
    if (inputs[i].requiresGrad) receive(inputs[i], part);
    else drop(part);
  }
}

function passByRule({ op, inputs, backward }: History, g: Tensor, view: NodeView): void {
  const parts = backward(g, view);
  for (let i = 0; i < inputs.length; i++) {
    const part = parts[i]!;
    if (!inputs[i].requiresGrad || part === null) continue;
    receive(inputs[i], fitTo(inputs[i], typeof part === "function" ? part() : part, op));
  }
}

/** What a backward rule sees. A rule that reads inputs or output is refused if they have been changed since. */
class NodeView implements FusedNode {
  readonly #caller: string;
  readonly #output: Tensor;
  readonly #history: History;

  constructor(caller: string, output: Tensor, history: History) {
    this.#caller = caller;
    this.#output = output;
    this.#history = history;
  }

  get params(): unknown {
    return this.#history.params;
  }

  get inputs(): readonly Tensor[] {
    const { inputs, time } = this.#history;
    for (let i = 0; i < inputs.length; i++) {
      if (changedSince(inputs[i].storage, time)) this.#refuse(inputs[i], `input ${i}`);
    }
    return inputs;
  }

  get output(): Tensor {
    if (changedSince(this.#output.storage, this.#history.time)) this.#refuse(this.#output, "the output");
    return this.#output;
  }

  like(i: number): Tensor {
    return this.#history.inputs[i];
  }

  wants(i: number): boolean {
    return this.#history.inputs[i].requiresGrad;
  }

  #refuse(tensor: Tensor, name: string): never {
    const { op } = this.#history;
    const label = tensor.label === undefined ? "" : ` ("${tensor.label}")`;
    throw new GradientError(
      `${this.#caller}: ${name} of ${op}${label} was changed in place after ${op} ran, so its gradient is lost. ` +
        `Compute the output again after the change.`,
    );
  }
}

function hooked(tensor: Tensor, hook: GradientHook, gradient: Tensor): Tensor {
  const replaced = hook(gradient);
  if (!replaced) return gradient;
  if (sameShape(replaced.shape, tensor.shape)) return replaced;
  throw new ShapeError(
    `registerHook: the hook returned a gradient ${show(replaced.shape)} for a tensor ${show(tensor.shape)}.`,
  );
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

/**
 * `output` and all tensors on its way back to the leaves, each after its inputs. A loop: recursion would overflow.
 *
 * @throws GradientError if the graph has been used before.
 */
function inputsFirst(caller: string, output: Tensor): Tensor[] {
  walks += 2;
  const entered = walks;
  const listed = walks + 1;
  const order: Tensor[] = [];
  const open: Tensor[] = [output];
  while (open.length > 0) {
    const tensor = open[open.length - 1];
    const { history } = tensor;
    if (tensor.walk < entered && history) {
      tensor.walk = entered;
      const { inputs } = history;
      for (let i = inputs.length - 1; i >= 0; i--) {
        if (inputs[i].walk < entered && inputs[i].requiresGrad) open.push(inputs[i]);
      }
      continue;
    }
    // its inputs, which went on top of it, are all listed by now
    open.pop();
    if (tensor.walk === listed) continue;
    tensor.walk = listed;
    if (history?.used) {
      throw new GradientError(
        `${caller}: gradients have already been computed through this graph (here, through ${history.op}), and a graph ` +
          `serves once. Compute the output again, or pass retainGraph: true the first time.`,
      );
    }
    order.push(tensor);
  }
  return order;
}

/** Two for each walk through a graph so far. */
let walks = 0;
