function chainSlope(w: number[], x: number): number {
  const outputs = [x];
  for (const weight of w) outputs.push(0.5 * (1 + Math.tanh((weight * outputs[outputs.length - 1]) / 2)));
  let slope = 1;
  for (let k = w.length - 1; k >= 0; k--) slope = slope * (outputs[k + 1] - outputs[k + 1] ** 2) * w[k];
  return slope;
}
