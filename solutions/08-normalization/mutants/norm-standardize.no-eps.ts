// hint: Equal numbers have the variance 0, and 0/0 is NaN. Add eps under the root.
interface Standardized {
  values: Tensor;
  mean: Tensor;
  variance: Tensor;
}

function standardize(x: Tensor, axes: number[], eps = 1e-5): Standardized {
  const mean = x.mean(axes, { keepDims: true });
  const centred = x.sub(mean);
  const variance = centred.mul(centred).mean(axes, { keepDims: true });
  const values = centred.div(variance.sqrt());
  return { values, mean, variance };
}
