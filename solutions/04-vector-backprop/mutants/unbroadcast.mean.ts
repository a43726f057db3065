// hint: You took the mean. A copy collects the sum of what arrives at its places, not the average.
function unbroadcast(G: Tensor, shape: readonly number[]): Tensor {
  const extra = G.ndim - shape.length;
  const repeated = [...G.shape.keys()].filter((axis) => axis < extra || shape[axis - extra] === 1);
  return G.mean(repeated, { keepDims: true }).reshape(shape);
}
