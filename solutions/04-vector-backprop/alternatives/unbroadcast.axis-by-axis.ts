function unbroadcast(G: Tensor, shape: readonly number[]): Tensor {
  let result = G;
  while (result.ndim > shape.length) result = result.sum(0);
  shape.forEach((size, axis) => {
    if (size === 1) result = result.sum(axis, { keepDims: true });
  });
  return result;
}
