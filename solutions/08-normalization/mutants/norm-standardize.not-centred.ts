// hint: The values are scaled, but still have their mean. Divide x − mean, not x.
interface Standardized {
  values: Tensor;
  mean: Tensor;
  variance: Tensor;
}

function standardize(x: Tensor, axes: number[], eps = 1e-5): Standardized {
  const mean = x.mean(axes, { keepDims: true });
  const centred = x.sub(mean);
  const variance = centred.mul(centred).mean(axes, { keepDims: true });
  const values = x.div(variance.add(eps).sqrt());
  return { values, mean, variance };
}
