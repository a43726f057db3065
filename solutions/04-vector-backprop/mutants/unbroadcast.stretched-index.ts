// hint: You look for stretched axes at the wrong place: where shape has size 1 at axis a, the axis of G is extra + a, because axes were added on the left.
function unbroadcast(G: Tensor, shape: readonly number[]): Tensor {
  const extra = G.ndim - shape.length;
  const repeated = [...G.shape.keys()].filter((axis) => axis < extra || shape[axis] === 1);
  return G.sum(repeated, { keepDims: true }).reshape(shape);
}
