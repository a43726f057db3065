// hint: These are the norms of the weights. Asked for are those of their gradients, weight.grad.
function gradientNorms(model: nn.Module, loss: () => Tensor): number[] {
  model.zeroGrad();
  loss().backward();
  const weights = model.parameters().filter(({ ndim }) => ndim === 2);
  return weights.map((weight) => weight.norm().item());
}
