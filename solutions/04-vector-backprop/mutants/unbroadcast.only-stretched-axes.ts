// hint: Stretched axes are summed, those that shape does not have at all are not. They stand on the left of G.
function unbroadcast(G: Tensor, shape: readonly number[]): Tensor {
  const extra = G.ndim - shape.length;
  const repeated = shape.flatMap((size, axis) => (size === 1 ? [extra + axis] : []));
  return G.sum(repeated, { keepDims: true });
}
