// hint: The mean is missing: the loss is the average over N examples, so the gradient of each row is divided by N.
function softmaxCrossEntropyBackward(Z: Tensor, labels: Tensor): Tensor {
  const [N, C] = Z.shape;
  return softmax(Z).sub(oneHot(labels, C));
}
