// hint: Your db is G itself, one row per example. All rows used the same bias, so their gradients add up.
function affineBackward(G: Tensor, X: Tensor, W: Tensor): { dX: Tensor; dW: Tensor; db: Tensor } {
  const dX = matmul(G, W);
  const dW = matmul(transpose(G), X);
  const db = G;
  return { dX, dW, db };
}
