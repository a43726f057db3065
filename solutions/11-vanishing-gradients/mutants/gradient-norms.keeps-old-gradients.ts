// hint: The second call gives twice the first: backward adds to the gradients that are there. Call model.zeroGrad() first.
function gradientNorms(model: nn.Module, loss: () => Tensor): number[] {
  loss().backward();
  const weights = model.parameters().filter(({ ndim }) => ndim === 2);
  return weights.map((weight) => weight.grad!.norm().item());
}
