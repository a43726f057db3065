// hint: The channels that are kept must be divided by 1 − p, as in exercise 3.
/** Inverted dropout of whole channels, in training. x [N, C, H, W], 0 ≤ p < 1 → as x. */
function dropoutChannels(x: Tensor, p: number, draw: Draw): Tensor {
  const [n, c] = x.shape;
  return x.mul(keepMask(draw([n, c, 1, 1]), p));
}
