// Lesson 9 – Dropout – the reference answers. Derived from solutions/09-dropout/lesson.md by gradlab tangle.
import { stack, type Tensor } from "gradlab";

/** @exercise keep-mask */
/** 0 where a unit is dropped (u < p), 1 where it is kept. u of any shape, uniform in [0, 1) → as u. */
export function keepMask(u: Tensor, p: number): Tensor {
  return u.greaterEqual(p).cast(u.dtype);
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
  if (keep) return h.mul(keep).matmul(weight.transpose()).add(bias);
  return h.matmul(weight.mul(1 - p).transpose()).add(bias);
}

/** @exercise dropout-forward */
/** Uniform random numbers from [0, 1) in a tensor of the given shape; new ones at each call. */
export type Draw = (shape: readonly number[]) => Tensor;

/** Inverted dropout in training. x of any shape, 0 ≤ p < 1 → y and the mask of zeros and ones, both as x. */
export function dropoutForward(x: Tensor, p: number, draw: Draw): { y: Tensor; keep: Tensor } {
  const keep = keepMask(draw(x.shape), p);
  return { y: x.mul(keep).div(1 - p), keep };
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
    if (!this.training) return x;
    const { y, keep } = dropoutForward(x, this.p, this.draw);
    this.keep = keep;
    return y;
  }

  /** ∂L/∂x from g = ∂L/∂y, for the last forward pass. g as y → as x. */
  backward(g: Tensor): Tensor {
    if (!this.training) return g;
    return g.mul(this.keep!).div(1 - this.p);
  }
}

/** @exercise mean-over-masks */
/** The mean of f(h ⊙ ε) over all 2^D masks ε, weighted by their probability. h [D], f: [D] → number. */
export function meanOverMasks(f: (h: number[]) => number, h: number[], p: number): number {
  let mean = 0;
  for (let i = 0; i < 2 ** h.length; i++) {
    const mask = h.map((_, d) => (i >> d) & 1);
    const probability = mask.reduce((product, bit) => product * (bit ? 1 - p : p), 1);
    mean += probability * f(h.map((value, d) => value * mask[d]));
  }
  return mean;
}

/** @exercise dropout-channels */
/** Inverted dropout of whole channels, in training. x [N, C, H, W], 0 ≤ p < 1 → as x. */
export function dropoutChannels(x: Tensor, p: number, draw: Draw): Tensor {
  const [n, c] = x.shape;
  return x.mul(keepMask(draw([n, c, 1, 1]), p)).div(1 - p);
}

/** @exercise mc-dropout */
/** Mean and standard deviation (by T − 1) of T answers. sample: () → any shape; T ≥ 2 → both of that shape. */
export function mcDropout(sample: () => Tensor, passes: number): { mean: Tensor; std: Tensor } {
  const answers = stack(Array.from({ length: passes }, () => sample()));
  const mean = answers.mean(0);
  const variance = answers.sub(mean).pow(2).sum(0).div(passes - 1);
  return { mean, std: variance.sqrt() };
}
