// hint: The sign is wrong: probabilities minus targets. The loss falls when the right score rises, so its gradient is negative.
function softmaxCrossEntropyBackward(Z: Tensor, labels: Tensor): Tensor {
  const [N, C] = Z.shape;
  return oneHot(labels, C).sub(softmax(Z)).div(N);
}
