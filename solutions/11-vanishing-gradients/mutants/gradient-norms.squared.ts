// hint: This is the sum of the squares. The norm is its root.
function gradientNorms(model: nn.Module, loss: () => Tensor): number[] {
  model.zeroGrad();
  loss().backward();
  const weights = model.parameters().filter(({ ndim }) => ndim === 2);
  return weights.map(({ grad }) => grad!.mul(grad!).sum().item());
}
