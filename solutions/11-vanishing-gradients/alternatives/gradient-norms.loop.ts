function gradientNorms(model: nn.Module, loss: () => Tensor): number[] {
  const norms: number[] = [];
  for (const parameter of model.parameters()) parameter.grad = null;
  loss().backward();
  for (const parameter of model.parameters()) {
    if (parameter.shape.length !== 2 || parameter.grad === null) continue;
    let squares = 0;
    for (const value of parameter.grad.data) squares += value * value;
    norms.push(Math.sqrt(squares));
  }
  model.zeroGrad();
  return norms;
}
