// hint: 1/4 is the largest slope that a sigmoid has, at z = 0 only. Compute σ(z) (1 − σ(z)) at the z of each unit.
function chainSlope(w: number[], x: number): number {
  return w.reduce((slope, weight) => slope * weight * 0.25, 1);
}
