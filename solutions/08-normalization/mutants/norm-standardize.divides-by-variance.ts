// hint: You divide by the variance. Its unit is that of x squared; divide by the root of variance plus eps.
interface Standardized {
  values: Tensor;
  mean: Tensor;
  variance: Tensor;
}

function standardize(x: Tensor, axes: number[], eps = 1e-5): Standardized {
  const mean = x.mean(axes, { keepDims: true });
  const centred = x.sub(mean);
  const variance = centred.mul(centred).mean(axes, { keepDims: true });
  const values = centred.div(variance.add(eps));
  return { values, mean, variance };
}
