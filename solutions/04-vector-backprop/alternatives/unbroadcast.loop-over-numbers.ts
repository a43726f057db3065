function unbroadcast(G: Tensor, shape: readonly number[]): Tensor {
  const result = f64([...new Array<number>(shape.reduce((a, b) => a * b, 1)).fill(0)]);
  for (const [position, value] of G.data.entries()) {
    let rest = position;
    let at = 0;
    let stride = 1;
    for (let back = 1; back <= shape.length; back++) {
      const size = G.shape[G.ndim - back];
      const own = shape[shape.length - back];
      if (own > 1) at += (rest % size) * stride;
      rest = Math.floor(rest / size);
      stride *= own;
    }
    result.data[at] += value;
  }
  return result.reshape(shape);
}
