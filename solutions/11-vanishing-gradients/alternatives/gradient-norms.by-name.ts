function gradientNorms(model: nn.Module, loss: () => Tensor): number[] {
  const weights = model
    .namedParameters()
    .filter(([name]) => name.endsWith("weight"))
    .map(([, weight]) => weight)
    .filter((weight) => weight.ndim > 1);
  const before = weights.map(({ grad }) => grad);
  for (const weight of weights) weight.grad = null;
  loss().backward();
  const norms = weights.map(({ grad }) => grad!.pow(2).sum().sqrt().item());
  weights.forEach((weight, i) => (weight.grad = before[i]));
  return norms;
}
