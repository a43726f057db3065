// hint: The losses come in the wrong order: the first entry is the loss before the first step.
interface Neuron {
  /** Weights [2]. */
  w: number[];
  b: number;
  /** The loss before each step [steps]. */
  losses: number[];
}

/** Trains ŷ = σ(w₁x₁ + w₂x₂ + b) by gradient descent on the mean squared error. points [N][2], targets [N]. */
function trainNeuron(points: number[][], targets: number[], steps: number, rate: number): Neuron {
  const [w1, w2, b] = [new Value(0), new Value(0), new Value(0)];
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    let loss = new Value(0);
    points.forEach(([x1, x2], n) => {
      const prediction = w1.mul(x1).add(w2.mul(x2)).add(b).sigmoid();
      loss = loss.add(prediction.sub(targets[n]).pow(2));
    });
    loss = loss.mul(1 / points.length);
    loss.zeroGrad();
    loss.backward();
    for (const parameter of [w1, w2, b]) parameter.data -= rate * parameter.grad;
    losses.unshift(loss.data);
  }
  return { w: [w1.data, w2.data], b: b.data, losses };
}
