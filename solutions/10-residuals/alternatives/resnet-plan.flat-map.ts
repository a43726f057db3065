interface BlockPlan {
  inChannels: number;
  outChannels: number;
  stride: number;
  parameters: number;
}

function resnetPlan(depth: number, width: number): BlockPlan[] {
  const n = Math.floor((depth - 2) / 6);
  if (n < 1 || 6 * n + 2 !== depth) throw new RangeError(`ResNets have depth 6n + 2, not ${depth}`);
  return [1, 2, 4].flatMap((factor) =>
    Array.from({ length: n }, (_, i) => {
      const changes = i === 0 && factor > 1;
      const outChannels = factor * width;
      const inChannels = changes ? outChannels / 2 : outChannels;
      const weights = 9 * outChannels * (inChannels + outChannels) + (changes ? inChannels * outChannels : 0);
      return { inChannels, outChannels, stride: changes ? 2 : 1, parameters: weights + 2 * (inChannels + outChannels) };
    }),
  );
}
