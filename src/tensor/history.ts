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
  /** @internal The same for the engine, if it has one. */
  readonly fused: FusedRule | null;
  /** When the operation ran, by the clock that counts changes in place. */
  readonly time: number;
  /** Whether gradients have been computed through this node; without `retainGraph` they can be only once. */
  used: boolean;
}

/**
 * An operation's rule for the engine: as {@link BackwardRule}, but of float32 numbers only, in few passes. null where it
 * cannot.
 */
export type FusedRule = (gradient: Tensor, node: FusedNode) => readonly (Tensor | null)[] | null;

/** What a {@link FusedRule} sees. */
export interface FusedNode<I extends readonly Tensor[] = readonly Tensor[], P = unknown> extends BackwardNode<
  I,
  P
> {
  /** Input `i`, for its shape only: its elements may have been changed. */
  like(i: number): Tensor;
  /** Whether the gradient of input `i` is wanted. */
  wants(i: number): boolean;
}

/** The history of a tensor that is being computed now. */
export class RecordedHistory implements History {
  readonly op: string;
  readonly inputs: readonly Tensor[];
  readonly params: unknown;
  readonly backward: BackwardRule;
  readonly fused: FusedRule | null;
  readonly time: number = changeClock();
  used = false;

  constructor(
    op: string,
    inputs: readonly Tensor[],
    params: unknown,
    backward: BackwardRule,
    fused: FusedRule | null = null,
  ) {
    this.op = op;
    this.inputs = inputs;
    this.params = params;
    this.backward = backward;
    this.fused = fused;
  }
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
