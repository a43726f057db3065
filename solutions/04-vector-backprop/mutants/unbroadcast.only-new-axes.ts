// hint: Axes that were added on the left are summed, stretched ones are not: an axis where shape has size 1 was repeated too.
function unbroadcast(G: Tensor, shape: readonly number[]): Tensor {
  const extra = G.ndim - shape.length;
  return G.sum([...new Array<number>(extra).keys()]);
}
