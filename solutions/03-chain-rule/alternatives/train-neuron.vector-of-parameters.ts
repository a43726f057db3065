interface Neuron {
  w: number[];
  b: number;
  losses: number[];
}

function trainNeuron(points: number[][], targets: number[], steps: number, rate: number): Neuron {
  const parameters = [0, 0, 0].map((start) => new Value(start));
  const losses: number[] = [];
  while (losses.length < steps) {
    const errors = points.map((point, n) =>
      [...point, 1].reduce((z, x, i) => z.add(parameters[i].mul(x)), new Value(0)).sigmoid().sub(targets[n]),
    );
    const loss = errors.reduce((sum, error) => sum.add(error.mul(error).mul(1 / points.length)), new Value(0));
    for (const parameter of parameters) parameter.grad = 0;
    loss.backward();
    losses.push(loss.data);
    for (const parameter of parameters) parameter.data = parameter.data - rate * parameter.grad;
  }
  const [w1, w2, b] = parameters.map((parameter) => parameter.data);
  return { w: [w1, w2], b, losses };
}
