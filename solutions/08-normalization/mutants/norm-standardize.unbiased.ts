// hint: This is the unbiased variance, divided by N − 1. Standardising takes the variance of these very numbers: divide by N (the library's variance() does so with { correction: 0 }).
interface Standardized {
  values: Tensor;
  mean: Tensor;
  variance: Tensor;
}

function standardize(x: Tensor, axes: number[], eps = 1e-5): Standardized {
  const mean = x.mean(axes, { keepDims: true });
  const centred = x.sub(mean);
  const count = axes.reduce((product, axis) => product * x.shape[axis], 1);
  const variance = centred.mul(centred).sum(axes, { keepDims: true }).div(count - 1);
  const values = centred.div(variance.add(eps).sqrt());
  return { values, mean, variance };
}
