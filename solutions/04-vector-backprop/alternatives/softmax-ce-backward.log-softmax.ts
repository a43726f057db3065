function softmaxCrossEntropyBackward(Z: Tensor, labels: Tensor): Tensor {
  const [N, C] = Z.shape;
  return gradlab.logSoftmax(Z, 1).exp().mul(1 / N).sub(oneHot(labels, C).mul(1 / N));
}
