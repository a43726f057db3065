interface Standardized {
  values: Tensor;
  mean: Tensor;
  variance: Tensor;
}

function standardize(x: Tensor, axes: number[], eps = 1e-5): Standardized {
  const count = axes.reduce((product, axis) => product * x.shape[axis], 1);
  const mean = x.sum(axes, { keepDims: true }).mul(1 / count);
  const centred = x.sub(mean);
  const variance = centred.pow(2).sum(axes, { keepDims: true }).div(count);
  return { values: centred.div(variance.add(eps).sqrt()), mean, variance };
}
