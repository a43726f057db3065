// hint: Your db has one number per example: you summed along the rows. The bias has one number per output: sum over the examples, axis 0.
function affineBackward(G: Tensor, X: Tensor, W: Tensor): { dX: Tensor; dW: Tensor; db: Tensor } {
  const dX = matmul(G, W);
  const dW = matmul(transpose(G), X);
  const db = G.sum(1);
  return { dX, dW, db };
}
