interface Neuron {
  w: number[];
  b: number;
  losses: number[];
}

function trainNeuron(points: number[][], targets: number[], steps: number, rate: number): Neuron {
  const [w1, w2, b] = [new Value(0), new Value(0), new Value(0)];
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    let total = 0;
    for (const parameter of [w1, w2, b]) parameter.grad = 0;
    // The gradients of the examples collect in the parameters.
    for (let n = 0; n < points.length; n++) {
      const z = b.add(w2.mul(points[n][1])).add(w1.mul(points[n][0]));
      const error = z.sigmoid().sub(targets[n]).pow(2);
      error.backward();
      total += error.data;
    }
    for (const parameter of [w1, w2, b]) parameter.data -= (rate * parameter.grad) / points.length;
    losses.push(total / points.length);
  }
  return { w: [w1.data, w2.data], b: b.data, losses };
}
