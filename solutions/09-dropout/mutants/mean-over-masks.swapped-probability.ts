// hint: A kept unit contributes the factor 1 − p to the probability, a dropped one p. You have it the other way round.
/** The mean of f(h ⊙ ε) over all 2^D masks ε, weighted by their probability. h [D], f: [D] → number. */
function meanOverMasks(f: (h: number[]) => number, h: number[], p: number): number {
  let mean = 0;
  for (let i = 0; i < 2 ** h.length; i++) {
    const mask = h.map((_, d) => (i >> d) & 1);
    const probability = mask.reduce((product, bit) => product * (bit ? p : 1 - p), 1);
    mean += probability * f(h.map((value, d) => value * mask[d]));
  }
  return mean;
}
