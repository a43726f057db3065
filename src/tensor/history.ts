import { changeClock } from "./changes.js";
import type { Tensor } from "./tensor.js";

/** How a tensor came about: one node of the computation graph. */
export interface History {
  /** Name of the operation. */
  readonly op: string;
  /** The tensors it was computed from. */
  readonly inputs: readonly Tensor[];
  /** What else the operation was told, for instance the axes of a sum. */
  readonly params: unknown;
  /** The operation's backward rule, shared by all its nodes. */
  readonly backward: BackwardRule;
  /** When the operation ran, by the clock that counts changes in place. */
  readonly time: number;
  /** Whether gradients have been computed through this node; without `retainGraph` they can be only once. */
  used: boolean;
}

/** The history of a tensor that is being computed now. */
export function record(
  op: string,
  inputs: readonly Tensor[],
  params: unknown,
  backward: BackwardRule,
): History {
  return { op, inputs, params, backward, time: changeClock(), used: false };
}

/** From the gradient with respect to the output, the gradient with respect to each input. */
export type BackwardRule = (gradient: Tensor, node: BackwardNode) => readonly Gradient[];

/** What a backward rule sees of the node it is applied to. */
export interface BackwardNode<I extends readonly Tensor[] = readonly Tensor[], P = unknown> {
  /** The tensors that the operation was given. */
  readonly inputs: I;
  /** What it made of them. */
  readonly output: Tensor;
  /** What else it was told, for instance the axes of a sum. */
  readonly params: P;
}

/**
 * One input's gradient, or a function that computes it: called only if that input requires a gradient.
 * `null`: the output does not depend smoothly on that input (a condition, an index).
 */
export type Gradient = Tensor | (() => Tensor) | null;

/**
 * Called with the gradient of the tensor it was registered on, once all contributions are added up. What it returns, if
 * anything, takes the gradient's place. It must not change the gradient itself.
 */
export type GradientHook = (gradient: Tensor) => Tensor | void;
