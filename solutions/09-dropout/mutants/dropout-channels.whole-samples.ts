// hint: You drop whole samples. Ask for one number per sample and channel.
/** Inverted dropout of whole channels, in training. x [N, C, H, W], 0 ≤ p < 1 → as x. */
function dropoutChannels(x: Tensor, p: number, draw: Draw): Tensor {
  const [n, c] = x.shape;
  return x.mul(keepMask(draw([n, 1, 1, 1]), p)).div(1 - p);
}
