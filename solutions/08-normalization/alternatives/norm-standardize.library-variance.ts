interface Standardized {
  values: Tensor;
  mean: Tensor;
  variance: Tensor;
}

function standardize(x: Tensor, axes: number[], eps = 1e-5): Standardized {
  const mean = x.mean(axes, { keepDims: true });
  const centred = x.sub(mean);
  const variance = x.variance(axes, { keepDims: true, correction: 0 });
  const values = centred.mul(variance.add(eps).pow(-0.5));
  return { values, mean, variance };
}
