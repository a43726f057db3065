// hint: Your list runs from the last layer to the first. Keep the order of model.parameters().
function gradientNorms(model: nn.Module, loss: () => Tensor): number[] {
  model.zeroGrad();
  loss().backward();
  const weights = model.parameters().filter(({ ndim }) => ndim === 2);
  return weights.map((weight) => weight.grad!.norm().item()).reverse();
}
