// Makes the list of all masked activations first.
/** The mean of f(h ⊙ ε) over all 2^D masks ε, weighted by their probability. h [D], f: [D] → number. */
function meanOverMasks(f: (h: number[]) => number, h: number[], p: number): number {
  let networks = [{ probability: 1, kept: [] as number[] }];
  for (const value of h) {
    networks = networks.flatMap(({ probability, kept }) => [
      { probability: probability * (1 - p), kept: [...kept, value] },
      { probability: probability * p, kept: [...kept, 0] },
    ]);
  }
  return networks.reduce((sum, { probability, kept }) => sum + probability * f(kept), 0);
}
