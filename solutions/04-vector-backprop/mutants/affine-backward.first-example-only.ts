// hint: Your dW holds the outer product of the first example only. The weights are shared by all examples: add the outer products of all of them, which is what Gᵀ X does.
function affineBackward(G: Tensor, X: Tensor, W: Tensor): { dX: Tensor; dW: Tensor; db: Tensor } {
  const dX = matmul(G, W);
  const dW = matmul(transpose(G.slice(0, 1)), X.slice(0, 1));
  const db = unbroadcast(G, [W.shape[0]]);
  return { dX, dW, db };
}
