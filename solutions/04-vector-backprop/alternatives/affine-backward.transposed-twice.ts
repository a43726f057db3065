function affineBackward(G: Tensor, X: Tensor, W: Tensor): { dX: Tensor; dW: Tensor; db: Tensor } {
  const dX = transpose(matmul(transpose(W), transpose(G)));
  const dW = transpose(matmul(transpose(X), G));
  const db = matmul(f64([new Array<number>(G.shape[0]).fill(1)]), G).reshape([G.shape[1]]);
  return { dX, dW, db };
}
