// hint: weight is [O, C] and pixels are rows, so the product is with the transposed weight.
/** A 1×1 convolution with stride. x [N, C, H, W], weight [O, C] → [N, O, ⌈H/stride⌉, ⌈W/stride⌉]. */
function projectionShortcut(x: Tensor, weight: Tensor, stride: number): Tensor {
  const rows = x.slice(0, x.shape[2], { axis: 2, step: stride });
  const kept = rows.slice(0, x.shape[3], { axis: 3, step: stride });
  const [N, C, H, W] = kept.shape;
  const pixels = kept.permute([0, 2, 3, 1]).reshape([N * H * W, C]);
  const mixed = pixels.matmul(weight);
  return mixed.reshape([N, H, W, weight.shape[0]]).permute([0, 3, 1, 2]);
}
