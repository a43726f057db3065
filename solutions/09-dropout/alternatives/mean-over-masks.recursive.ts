// One unit after the other.
/** The mean of f(h ⊙ ε) over all 2^D masks ε, weighted by their probability. h [D], f: [D] → number. */
function meanOverMasks(f: (h: number[]) => number, h: number[], p: number): number {
  const from = (d: number, kept: number[]): number =>
    d === h.length ? f(kept) : (1 - p) * from(d + 1, [...kept, h[d]]) + p * from(d + 1, [...kept, 0]);
  return from(0, []);
}
