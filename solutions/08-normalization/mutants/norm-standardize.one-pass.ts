// hint: Right on paper: the mean of the squares minus the square of the mean. But far from zero it is the difference of two huge numbers, and their digits cancel. Centre first, then square.
interface Standardized {
  values: Tensor;
  mean: Tensor;
  variance: Tensor;
}

function standardize(x: Tensor, axes: number[], eps = 1e-5): Standardized {
  const mean = x.mean(axes, { keepDims: true });
  const centred = x.sub(mean);
  const variance = x.mul(x).mean(axes, { keepDims: true }).sub(mean.mul(mean));
  const values = centred.div(variance.add(eps).sqrt());
  return { values, mean, variance };
}
