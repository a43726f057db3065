// hint: You subtracted the target from the scores. Softmax has to make probabilities of them first.
function softmaxCrossEntropyBackward(Z: Tensor, labels: Tensor): Tensor {
  const [N, C] = Z.shape;
  return Z.sub(oneHot(labels, C)).div(N);
}
