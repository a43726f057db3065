// hint: The sum is right, its shape is not: an axis of size 1 has to stay. Reshape the result to shape.
function unbroadcast(G: Tensor, shape: readonly number[]): Tensor {
  const extra = G.ndim - shape.length;
  const repeated = [...G.shape.keys()].filter((axis) => axis < extra || shape[axis - extra] === 1);
  return G.sum(repeated);
}
