// hint: The last mask is missing, the one that keeps all. Count up to 2^D − 1.
/** The mean of f(h ⊙ ε) over all 2^D masks ε, weighted by their probability. h [D], f: [D] → number. */
function meanOverMasks(f: (h: number[]) => number, h: number[], p: number): number {
  let mean = 0;
  for (let i = 0; i < 2 ** h.length - 1; i++) {
    const mask = h.map((_, d) => (i >> d) & 1);
    const probability = mask.reduce((product, bit) => product * (bit ? 1 - p : p), 1);
    mean += probability * f(h.map((value, d) => value * mask[d]));
  }
  return mean;
}
