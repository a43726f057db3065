import { Generator, rand } from "../tensor/random.js";

/** The generator given, or a new one seeded from the shared generator that `manualSeed` restarts. */
export function generatorOr(generator: Generator | undefined): Generator {
  return generator ?? new Generator(Math.floor(rand([], { dtype: "float64" }).item() * 2 ** 53));
}

/** A whole number drawn uniformly from 0 to `below` − 1. */
export function randomIndex(below: number, generator: Generator): number {
  return Math.floor(generator.uniform() * below);
}

/** The numbers 0 to `count` − 1 in random order, each order equally likely (Fisher & Yates). */
export function shuffledIndices(count: number, generator: Generator): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let last = count - 1; last > 0; last--) {
    const other = randomIndex(last + 1, generator);
    [order[last], order[other]] = [order[other], order[last]];
  }
  return order;
}
