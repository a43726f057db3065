// A row per channel.
/** Inverted dropout of whole channels, in training. x [N, C, H, W], 0 ≤ p < 1 → as x. */
function dropoutChannels(x: Tensor, p: number, draw: Draw): Tensor {
  const [n, c] = x.shape;
  const keep = keepMask(draw([n * c, 1]), p);
  return x.reshape([n * c, x.size / (n * c)]).mul(keep).div(1 - p).reshape(x.shape);
}
