// hint: One mean for all numbers: you have not passed the axes on. Each list along `axes` has its own mean and variance.
interface Standardized {
  values: Tensor;
  mean: Tensor;
  variance: Tensor;
}

function standardize(x: Tensor, axes: number[], eps = 1e-5): Standardized {
  const mean = x.mean();
  const centred = x.sub(mean);
  const variance = centred.mul(centred).mean();
  const values = centred.div(variance.add(eps).sqrt());
  return { values, mean, variance };
}
