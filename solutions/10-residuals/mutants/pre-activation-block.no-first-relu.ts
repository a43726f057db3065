// hint: The first ReLU is missing: a = relu(BN₁(x)).
/** BN – ReLU – conv – BN – ReLU – conv, and the shortcut. x [N, in, H, W] → [N, out, ⌈H/stride⌉, ⌈W/stride⌉]. */
function preActivationForward(block: ConvBlock, x: Tensor): Tensor {
  const a = block.bn1.forward(x);
  const hidden = block.bn2.forward(block.conv1.forward(a)).relu();
  const F = block.conv2.forward(hidden);
  if (!block.skip) return F;
  const shortcut = block.projection ? projectionShortcut(a, block.projection, block.stride) : x;
  return shortcut.add(F);
}
