function layerNorm(x: Tensor, gamma: Tensor, beta: Tensor, eps = 1e-5): Tensor {
  const size = gamma.size;
  const y = new Float64Array(x.size);
  for (let start = 0; start < x.size; start += size) {
    const sample = Array.from(x.data.subarray(start, start + size));
    const mean = sample.reduce((sum, value) => sum + value, 0) / size;
    const variance = sample.reduce((sum, value) => sum + (value - mean) ** 2, 0) / size;
    sample.forEach((value, i) => {
      y[start + i] = (gamma.data[i] * (value - mean)) / Math.sqrt(variance + eps) + beta.data[i];
    });
  }
  return tensor(y).reshape(x.shape);
}
