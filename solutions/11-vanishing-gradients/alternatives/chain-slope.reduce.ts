const chainSlope = (w: number[], x: number): number =>
  w.reduce(
    ({ o, slope }, weight) => {
      const next = 1 / (1 + Math.exp(-weight * o));
      return { o: next, slope: slope * weight * next * (1 - next) };
    },
    { o: x, slope: 1 },
  ).slope;
