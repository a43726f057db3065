function projectionShortcut(x: Tensor, weight: Tensor, stride: number): Tensor {
  const kept = x.slice(0, x.shape[3], { axis: 3, step: stride }).slice(0, x.shape[2], { axis: 2, step: stride });
  const [N, C, H, W] = kept.shape;
  const O = weight.shape[0];
  let sum: Tensor | undefined;
  for (let c = 0; c < C; c++) {
    const channel = kept.slice(c, c + 1, { axis: 1 });
    const part = channel.mul(weight.slice(c, c + 1, { axis: 1 }).reshape([1, O, 1, 1]));
    sum = sum ? sum.add(part) : part;
  }
  return sum!.reshape([N, O, H, W]);
}
