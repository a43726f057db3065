// hint: The parameters never move: call optimizer.step() after backward.
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
    losses.push(loss.item());
    onStep(losses.length, loss.item());
  }
  return losses;
}
