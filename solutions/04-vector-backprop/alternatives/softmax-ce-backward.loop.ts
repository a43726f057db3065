function softmaxCrossEntropyBackward(Z: Tensor, labels: Tensor): Tensor {
  const [N, C] = Z.shape;
  const result = f64([...softmax(Z).data]).reshape([N, C]);
  labels.data.forEach((label, n) => (result.data[n * C + label] -= 1));
  for (let i = 0; i < result.size; i++) result.data[i] /= N;
  return result;
}
