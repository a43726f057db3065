// hint: You average over windows of the stride. The projection looks at one pixel in each window, the top left one.
/** A 1×1 convolution with stride. x [N, C, H, W], weight [O, C] → [N, O, ⌈H/stride⌉, ⌈W/stride⌉]. */
function projectionShortcut(x: Tensor, weight: Tensor, stride: number): Tensor {
  const rows = x.slice(0, x.shape[2], { axis: 2, step: stride });
  const kept = rows.slice(0, x.shape[3], { axis: 3, step: stride });
  const [N, C, H, W] = kept.shape;
  kept.data.set(x.avgPool2d(stride, { stride }).size === kept.size ? x.avgPool2d(stride, { stride }).data : kept.data);
  const pixels = kept.permute([0, 2, 3, 1]).reshape([N * H * W, C]);
  const mixed = pixels.matmul(weight.transpose());
  return mixed.reshape([N, H, W, weight.shape[0]]).permute([0, 3, 1, 2]);
}
