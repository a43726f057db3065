function trainingCurve(
  net: nn.Module,
  batches: [x: Tensor, y: Tensor][],
  rate: number,
  onStep: (done: number, loss: number) => void = () => {},
): number[] {
  const optimizer = new SGD(net.parameters(), { lr: rate, momentum: 0.9 });
  return batches.map(([x, y], i) => {
    const loss = nn.crossEntropy(net.forward(x), y);
    const value = loss.item();
    net.zeroGrad();
    loss.backward();
    optimizer.step();
    onStep(i + 1, value);
    return value;
  });
}
