// hint: You averaged over the examples in db. The layer sums over the batch; the 1/N of the mean is in G already.
function affineBackward(G: Tensor, X: Tensor, W: Tensor): { dX: Tensor; dW: Tensor; db: Tensor } {
  const dX = matmul(G, W);
  const dW = matmul(transpose(G), X);
  const db = G.mean(0);
  return { dX, dW, db };
}
