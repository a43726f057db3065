// hint: The stride is ignored: keep every stride-th row and column only.
/** A 1×1 convolution with stride. x [N, C, H, W], weight [O, C] → [N, O, ⌈H/stride⌉, ⌈W/stride⌉]. */
function projectionShortcut(x: Tensor, weight: Tensor, stride: number): Tensor {
  const rows = x.slice(0, x.shape[2], { axis: 2 });
  const kept = rows.slice(0, x.shape[3], { axis: 3 });
  const [N, C, H, W] = kept.shape;
  const pixels = kept.permute([0, 2, 3, 1]).reshape([N * H * W, C]);
  const mixed = pixels.matmul(weight.transpose());
  return mixed.reshape([N, H, W, weight.shape[0]]).permute([0, 3, 1, 2]);
}
