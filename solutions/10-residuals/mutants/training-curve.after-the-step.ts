// hint: The loss you keep is measured after the step. Keep the one from before it.
/** Trains on each batch once, with momentum 0.9; the loss before each step [batches]. */
function trainingCurve(
  net: nn.Module,
  batches: [x: Tensor, y: Tensor][],
  rate: number,
  onStep: (done: number, loss: number) => void = () => {},
): number[] {
  const losses: number[] = [];
  const optimizer = new SGD(net.parameters(), { lr: rate, momentum: 0.9 });
  for (const [x, y] of batches) {
    optimizer.zeroGrad();
    const loss = nn.crossEntropy(net.forward(x), y);
    loss.backward();
    optimizer.step();
    losses.push(nn.crossEntropy(net.forward(x), y).item());
    onStep(losses.length, losses[losses.length - 1]);
  }
  return losses;
}
