// hint: Your list has numbers for the biases, too. Keep only parameters with two axes.
function gradientNorms(model: nn.Module, loss: () => Tensor): number[] {
  model.zeroGrad();
  loss().backward();
  return model.parameters().map((parameter) => parameter.grad!.norm().item());
}
