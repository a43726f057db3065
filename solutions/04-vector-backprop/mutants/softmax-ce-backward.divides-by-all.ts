// hint: You divided by the number of all scores, N·C. The mean is over the N examples; within an example the terms are added.
function softmaxCrossEntropyBackward(Z: Tensor, labels: Tensor): Tensor {
  const [N, C] = Z.shape;
  return softmax(Z).sub(oneHot(labels, C)).div(N * C);
}
