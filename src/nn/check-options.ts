/** @throws RangeError if one of the named values is not a whole number from `least` on. */
export function requireCounts(layer: string, values: Readonly<Record<string, number>>, least = 1): void {
  for (const [name, value] of Object.entries(values)) {
    if (Number.isInteger(value) && value >= least) continue;
    throw new RangeError(`${layer}: ${name} is ${value}. Expected a whole number from ${least}.`);
  }
}

/** @throws RangeError if p is not from 0 to 1. */
export function requireProbability(layer: string, name: string, p: number): void {
  if (p >= 0 && p <= 1) return;
  throw new RangeError(`${layer}: ${name} is ${p}. Expected a probability from 0 to 1.`);
}
