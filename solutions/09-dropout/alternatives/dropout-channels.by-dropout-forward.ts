// Exercise 3 on a tensor of ones makes the factors.
/** Inverted dropout of whole channels, in training. x [N, C, H, W], 0 ≤ p < 1 → as x. */
function dropoutChannels(x: Tensor, p: number, draw: Draw): Tensor {
  const [n, c] = x.shape;
  return x.mul(dropoutForward(gradlab.ones([n, c, 1, 1], { dtype: x.dtype }), p, draw).y);
}
