// hint: exp(1000) is infinite, and infinity divided by infinity is NaN. Use softmax(Z), which takes the largest score out of each row first.
function softmaxCrossEntropyBackward(Z: Tensor, labels: Tensor): Tensor {
  const [N, C] = Z.shape;
  const exponentials = Z.exp();
  return exponentials.div(exponentials.sum(1, { keepDims: true })).sub(oneHot(labels, C)).div(N);
}
