// hint: You count biases for the convolutions. They have none: the next normalisation would take it away.
interface BlockPlan {
  inChannels: number;
  outChannels: number;
  stride: number;
  /** Of the block: normalisations, convolutions and projection. */
  parameters: number;
}

/** The blocks of the pre-activation ResNet of depth 6n + 2 whose groups have width, 2·width and 4·width channels. */
function resnetPlan(depth: number, width: number): BlockPlan[] {
  const plan: BlockPlan[] = [];
  const n = (depth - 2) / 6;
  if (!Number.isInteger(n) || n < 1) throw new RangeError(`depth ${depth} is not 6n + 2`);
  let inChannels = width;
  for (let group = 0; group < 3; group++) {
    const outChannels = width * 2 ** group;
    for (let i = 0; i < n; i++) {
      const stride = group > 0 && i === 0 ? 2 : 1;
      const projection = inChannels === outChannels ? 0 : inChannels * outChannels;
      const convolutions = 2 * outChannels + 9 * inChannels * outChannels + 9 * outChannels ** 2;
      const parameters = 2 * inChannels + 2 * outChannels + convolutions + projection;
      plan.push({ inChannels, outChannels, stride, parameters });
      inChannels = outChannels;
    }
  }
  return plan;
}
