interface BlockPlan {
  inChannels: number;
  outChannels: number;
  stride: number;
  parameters: number;
}

function resnetPlan(depth: number, width: number): BlockPlan[] {
  if (depth % 6 !== 2 || depth < 8) throw new Error("depth must be 8, 14, 20, …");
  const n = (depth - 2) / 6;
  const plan: BlockPlan[] = [];
  for (let block = 0; block < 3 * n; block++) {
    const O = width << Math.floor(block / n);
    const C = plan.at(-1)?.outChannels ?? width;
    const norms = 2 * C + 2 * O;
    const parameters = C === O ? norms + 18 * O * O : norms + 9 * C * O + 9 * O * O + C * O;
    plan.push({ inChannels: C, outChannels: O, stride: O / C, parameters });
  }
  return plan;
}
