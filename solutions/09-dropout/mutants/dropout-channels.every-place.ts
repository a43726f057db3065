// hint: Single places are dropped. Ask for one number per sample and channel: shape [N, C, 1, 1].
/** Inverted dropout of whole channels, in training. x [N, C, H, W], 0 ≤ p < 1 → as x. */
function dropoutChannels(x: Tensor, p: number, draw: Draw): Tensor {
  const [n, c] = x.shape;
  return x.mul(keepMask(draw(x.shape), p)).div(1 - p);
}
