function trainingCurve(
  net: nn.Module,
  batches: [x: Tensor, y: Tensor][],
  rate: number,
  onStep: (done: number, loss: number) => void = () => {},
): number[] {
  const parameters = net.parameters();
  const velocities = parameters.map(({ size }) => new Float64Array(size));
  const losses: number[] = [];
  for (const [x, y] of batches) {
    net.zeroGrad();
    const loss = nn.crossEntropy(net.forward(x), y);
    loss.backward();
    parameters.forEach(({ data, grad }, p) => {
      for (let i = 0; i < data.length; i++) {
        velocities[p][i] = 0.9 * velocities[p][i] + (grad ? grad.data[i] : 0);
        data[i] -= rate * velocities[p][i];
      }
    });
    losses.push(loss.item());
    onStep(losses.length, loss.item());
  }
  return losses;
}
