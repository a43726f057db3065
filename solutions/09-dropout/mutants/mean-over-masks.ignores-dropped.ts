// hint: The probability of a mask has a factor for the dropped units, too: p for each. Yours do not add up to 1.
/** The mean of f(h ⊙ ε) over all 2^D masks ε, weighted by their probability. h [D], f: [D] → number. */
function meanOverMasks(f: (h: number[]) => number, h: number[], p: number): number {
  let mean = 0;
  for (let i = 0; i < 2 ** h.length; i++) {
    const mask = h.map((_, d) => (i >> d) & 1);
    const probability = mask.reduce((product, bit) => product * (bit ? 1 - p : 1), 1);
    mean += probability * f(h.map((value, d) => value * mask[d]));
  }
  return mean;
}
