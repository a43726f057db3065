// hint: backward divides by p. It has the same factor as forward, 1/(1 − p).
/** Inverted dropout that remembers its mask. */
class DropoutLayer {
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
    return g.mul(this.keep!).div(this.p);
  }
}
