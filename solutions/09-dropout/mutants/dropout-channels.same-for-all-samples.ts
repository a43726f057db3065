// hint: All samples lose the same channels. The mask needs the sample axis, too: [N, C, 1, 1].
/** Inverted dropout of whole channels, in training. x [N, C, H, W], 0 ≤ p < 1 → as x. */
function dropoutChannels(x: Tensor, p: number, draw: Draw): Tensor {
  const [n, c] = x.shape;
  return x.mul(keepMask(draw([1, c, 1, 1]), p)).div(1 - p);
}
