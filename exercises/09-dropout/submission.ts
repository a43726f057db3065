// Lesson 9 – Dropout – your answers. Derived from solutions/09-dropout/lesson.md by gradlab tangle.
import { type Tensor } from "gradlab";

/** @exercise keep-mask */
/** 0 where a unit is dropped (u < p), 1 where it is kept. u of any shape, uniform in [0, 1) → as u. */
export function keepMask(u: Tensor, p: number): Tensor {
  // TODO: compare, and make numbers of the truth values
  throw new Error("TODO keep-mask: compare, and make numbers of the truth values");
}

/** @exercise original-scaling */
/**
 * A linear layer whose inputs are dropped as in the original paper.
 * h [N, D], keep [N, D] of zeros and ones in training or null in use, weight [O, D], bias [O] → [N, O].
 */
export function originalLinear(
  h: Tensor,
  keep: Tensor | null,
  weight: Tensor,
  bias: Tensor,
  p: number,
): Tensor {
  // TODO: mask the inputs in training, scale the weights in use
  throw new Error("TODO original-scaling: mask the inputs in training, scale the weights in use");
}

/** @exercise dropout-forward */
/** Uniform random numbers from [0, 1) in a tensor of the given shape; new ones at each call. */
export type Draw = (shape: readonly number[]) => Tensor;

/** Inverted dropout in training. x of any shape, 0 ≤ p < 1 → y and the mask of zeros and ones, both as x. */
export function dropoutForward(x: Tensor, p: number, draw: Draw): { y: Tensor; keep: Tensor } {
  // TODO: draw a mask; what is kept is divided by the keep probability
  throw new Error("TODO dropout-forward: draw a mask; what is kept is divided by the keep probability");
}

/** @exercise dropout-layer */
/** Inverted dropout that remembers its mask. */
export class DropoutLayer {
  training = true;
  /** Mask of the last forward pass in training, of the shape of its input. */
  keep: Tensor | null = null;
  readonly p: number;
  readonly draw: Draw;

  constructor(p: number, draw: Draw) {
    this.p = p;
    this.draw = draw;
  }

  /** Training: dropped and scaled by a new mask. Use: x as it is. x of any shape → as x. */
  forward(x: Tensor): Tensor {
    // TODO: nothing to do in use; in training drop, and remember the mask
    throw new Error("TODO dropout-layer: nothing to do in use; in training drop, and remember the mask");
  }

  /** ∂L/∂x from g = ∂L/∂y, for the last forward pass. g as y → as x. */
  backward(g: Tensor): Tensor {
    // TODO: nothing to do in use; in training the same mask and the same factor
    throw new Error("TODO dropout-layer: nothing to do in use; in training the same mask and the same factor");
  }
}

/** @exercise mean-over-masks */
/** The mean of f(h ⊙ ε) over all 2^D masks ε, weighted by their probability. h [D], f: [D] → number. */
export function meanOverMasks(f: (h: number[]) => number, h: number[], p: number): number {
  // TODO: for each number of D binary digits, its probability times f of the masked activations
  throw new Error("TODO mean-over-masks: for each number of D binary digits, its probability times f of the masked activations");
}

/** @exercise dropout-channels */
/** Inverted dropout of whole channels, in training. x [N, C, H, W], 0 ≤ p < 1 → as x. */
export function dropoutChannels(x: Tensor, p: number, draw: Draw): Tensor {
  // TODO: one random number per sample and channel
  throw new Error("TODO dropout-channels: one random number per sample and channel");
}

/** @exercise mc-dropout */
/** Mean and standard deviation (by T − 1) of T answers. sample: () → any shape; T ≥ 2 → both of that shape. */
export function mcDropout(sample: () => Tensor, passes: number): { mean: Tensor; std: Tensor } {
  // TODO: collect the answers, then mean and standard deviation over them
  throw new Error("TODO mc-dropout: collect the answers, then mean and standard deviation over them");
}
