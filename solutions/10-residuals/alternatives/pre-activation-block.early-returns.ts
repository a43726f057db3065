function preActivationForward(block: ConvBlock, x: Tensor): Tensor {
  const { bn1, conv1, bn2, conv2, projection, stride, skip } = block;
  const a = bn1.forward(x).relu();
  const branch = conv2.forward(bn2.forward(conv1.forward(a)).relu());
  if (skip && projection !== null) return branch.add(projectionShortcut(a, projection, stride));
  return skip ? branch.add(x) : branch;
}
