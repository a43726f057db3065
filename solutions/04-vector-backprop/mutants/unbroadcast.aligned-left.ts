// hint: You aligned the shapes at their left end. Broadcasting aligns them at the right: axis a of shape is axis extra + a of G.
function unbroadcast(G: Tensor, shape: readonly number[]): Tensor {
  const repeated = [...G.shape.keys()].filter((axis) => (shape[axis] ?? 1) === 1);
  return G.sum(repeated, { keepDims: true }).reshape(shape);
}
