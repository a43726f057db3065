// hint: You give all masks the same weight. That is right for p = 0.5; in general a mask that keeps k units has the probability (1 − p)^k p^(D − k).
/** The mean of f(h ⊙ ε) over all 2^D masks ε, weighted by their probability. h [D], f: [D] → number. */
function meanOverMasks(f: (h: number[]) => number, h: number[], p: number): number {
  let mean = 0;
  for (let i = 0; i < 2 ** h.length; i++) {
    const mask = h.map((_, d) => (i >> d) & 1);
    const probability = 1 / 2 ** h.length;
    mean += probability * f(h.map((value, d) => value * mask[d]));
  }
  return mean;
}
