// hint: The gradients are never cleared, so every step adds those of all steps before.
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
    const loss = nn.crossEntropy(net.forward(x), y);
    loss.backward();
    optimizer.step();
    losses.push(loss.item());
    onStep(losses.length, loss.item());
  }
  return losses;
}
