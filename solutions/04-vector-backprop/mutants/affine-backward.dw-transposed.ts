// hint: Your dW is Xᵀ G, the transpose of what is wanted. dW has the shape of W: one row per output.
function affineBackward(G: Tensor, X: Tensor, W: Tensor): { dX: Tensor; dW: Tensor; db: Tensor } {
  const dX = matmul(G, W);
  const dW = matmul(transpose(X), G);
  const db = unbroadcast(G, [W.shape[0]]);
  return { dX, dW, db };
}
