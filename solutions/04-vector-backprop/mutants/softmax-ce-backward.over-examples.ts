// hint: Your softmax runs over the examples, down the columns. The probabilities of one example, along its row, add up to 1.
function softmaxCrossEntropyBackward(Z: Tensor, labels: Tensor): Tensor {
  const [N, C] = Z.shape;
  return softmax(Z, 0).sub(oneHot(labels, C)).div(N);
}
