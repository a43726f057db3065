// hint: Mean and variance have lost the pooled axes. With { keepDims: true } these stay with size 1.
interface Standardized {
  values: Tensor;
  mean: Tensor;
  variance: Tensor;
}

function standardize(x: Tensor, axes: number[], eps = 1e-5): Standardized {
  const mean = x.mean(axes, { keepDims: true });
  const centred = x.sub(mean);
  const variance = centred.mul(centred).mean(axes, { keepDims: true });
  const values = centred.div(variance.add(eps).sqrt());
  return { values, mean: mean.squeeze(axes), variance: variance.squeeze(axes) };
}
