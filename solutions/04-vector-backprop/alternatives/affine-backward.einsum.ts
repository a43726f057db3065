function affineBackward(G: Tensor, X: Tensor, W: Tensor): { dX: Tensor; dW: Tensor; db: Tensor } {
  return {
    dX: gradlab.einsum("ni,ij->nj", G, W),
    dW: gradlab.einsum("ni,nj->ij", G, X),
    db: G.sum(0),
  };
}
