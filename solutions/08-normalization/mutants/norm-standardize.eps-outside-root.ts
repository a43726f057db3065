// hint: eps stands beside the standard deviation in your code. It belongs under the root, beside the variance: √(σ² + ε).
interface Standardized {
  values: Tensor;
  mean: Tensor;
  variance: Tensor;
}

function standardize(x: Tensor, axes: number[], eps = 1e-5): Standardized {
  const mean = x.mean(axes, { keepDims: true });
  const centred = x.sub(mean);
  const variance = centred.mul(centred).mean(axes, { keepDims: true });
  const values = centred.div(variance.sqrt().add(eps));
  return { values, mean, variance };
}
