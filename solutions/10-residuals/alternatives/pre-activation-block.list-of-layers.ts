function preActivationForward(block: ConvBlock, x: Tensor): Tensor {
  const norms = [block.bn1, block.bn2];
  let h = x;
  let shared = x;
  [block.conv1, block.conv2].forEach((conv, i) => {
    const normed = norms[i].forward(h);
    const active = normed.maximum(0);
    if (i === 0) shared = active;
    h = conv.forward(active);
  });
  let y = h;
  if (block.skip) y = y.add(block.projection ? projectionShortcut(shared, block.projection, block.stride) : x);
  return y;
}
