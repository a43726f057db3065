// hint: You divided dW by the number of examples. The 1/N of the mean is in G already; the layer sums and never divides.
function affineBackward(G: Tensor, X: Tensor, W: Tensor): { dX: Tensor; dW: Tensor; db: Tensor } {
  const dX = matmul(G, W);
  const dW = matmul(transpose(G), X).div(G.shape[0]);
  const db = unbroadcast(G, [W.shape[0]]);
  return { dX, dW, db };
}
