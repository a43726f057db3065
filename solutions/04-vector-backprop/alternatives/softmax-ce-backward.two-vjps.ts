function softmaxCrossEntropyBackward(Z: Tensor, labels: Tensor): Tensor {
  const [N, C] = Z.shape;
  const largest = Z.max(1, { keepDims: true });
  const exponentials = Z.sub(largest).exp();
  const probabilities = exponentials.div(exponentials.sum(1, { keepDims: true }));
  const targets = oneHot(labels, C).div(N);
  return probabilities.mul(targets.sum(1, { keepDims: true })).sub(targets);
}
