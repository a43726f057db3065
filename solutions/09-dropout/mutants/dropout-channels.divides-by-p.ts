// hint: You divide by p. The factor is 1/(1 − p).
/** Inverted dropout of whole channels, in training. x [N, C, H, W], 0 ≤ p < 1 → as x. */
function dropoutChannels(x: Tensor, p: number, draw: Draw): Tensor {
  const [n, c] = x.shape;
  return x.mul(keepMask(draw([n, c, 1, 1]), p)).div(p);
}
