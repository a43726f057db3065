// hint: You multiply by 1 − p. What is kept must become larger: divide.
/** Inverted dropout of whole channels, in training. x [N, C, H, W], 0 ≤ p < 1 → as x. */
function dropoutChannels(x: Tensor, p: number, draw: Draw): Tensor {
  const [n, c] = x.shape;
  return x.mul(keepMask(draw([n, c, 1, 1]), p)).mul(1 - p);
}
