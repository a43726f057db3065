// hint: Your db has the shape [1, Q]. The bias has the shape [Q].
function affineBackward(G: Tensor, X: Tensor, W: Tensor): { dX: Tensor; dW: Tensor; db: Tensor } {
  const dX = matmul(G, W);
  const dW = matmul(transpose(G), X);
  const db = G.sum(0, { keepDims: true });
  return { dX, dW, db };
}
