import type { Tensor } from "./tensor.js";

/** How a tensor came about: one node of the computation graph. */
export interface History {
  /** Name of the operation. */
  readonly op: string;
  readonly inputs: readonly Tensor[];
  /** What else the operation was told, for instance the axes of a sum. */
  readonly params: unknown;
  /** The operation's backward rule, shared by all its nodes. */
  readonly backward: BackwardRule;
}

/** From the gradient with respect to the output, the gradient with respect to each input. */
export type BackwardRule = (gradient: Tensor, node: BackwardNode) => readonly Gradient[];

/** What a backward rule sees of the node it is applied to. */
export interface BackwardNode<I extends readonly Tensor[] = readonly Tensor[], P = unknown> {
  readonly inputs: I;
  readonly output: Tensor;
  readonly params: P;
}

/**
 * One input's gradient, or a function that computes it: called only if that input requires a gradient.
 * `null`: the output does not depend smoothly on that input (a condition, an index).
 */
export type Gradient = Tensor | (() => Tensor) | null;
