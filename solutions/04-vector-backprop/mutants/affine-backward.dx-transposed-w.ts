// hint: In dX the weights are transposed: G W, not G Wᵀ. The forward pass has Wᵀ, so the backward pass has W.
function affineBackward(G: Tensor, X: Tensor, W: Tensor): { dX: Tensor; dW: Tensor; db: Tensor } {
  const dX = matmul(G, transpose(W));
  const dW = matmul(transpose(G), X);
  const db = unbroadcast(G, [W.shape[0]]);
  return { dX, dW, db };
}
