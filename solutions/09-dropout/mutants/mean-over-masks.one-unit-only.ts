// hint: Your masks drop one unit at a time. There are 2^D of them: any set of units can be dropped.
/** The mean of f(h ⊙ ε) over all 2^D masks ε, weighted by their probability. h [D], f: [D] → number. */
function meanOverMasks(f: (h: number[]) => number, h: number[], p: number): number {
  let mean = 0;
  for (let i = 0; i < h.length; i++) {
    const mask = h.map((_, d) => Number(i !== d));
    const probability = mask.reduce((product, bit) => product * (bit ? 1 - p : p), 1);
    mean += probability * f(h.map((value, d) => value * mask[d]));
  }
  return mean;
}
