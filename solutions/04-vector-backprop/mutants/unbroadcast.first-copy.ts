// hint: You took what arrived at one of the copies and left out the others. Contributions of all copies add up.
function unbroadcast(G: Tensor, shape: readonly number[]): Tensor {
  const extra = G.ndim - shape.length;
  let result = G;
  for (const axis of G.shape.keys())
    if (axis < extra || shape[axis - extra] === 1) result = result.slice(0, 1, { axis });
  return result.reshape(shape);
}
