function reluBackward(G: Tensor, Z: Tensor): Tensor {
  const result = Float64Array.from(G.data);
  for (let i = 0; i < result.length; i++) if (!(Z.data[i] > 0)) result[i] = 0;
  return tensor(result).reshape(G.shape);
}
