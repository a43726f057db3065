function affineBackward(G: Tensor, X: Tensor, W: Tensor): { dX: Tensor; dW: Tensor; db: Tensor } {
  const [N, Q] = G.shape;
  const P = W.shape[1];
  const dX = f64(Array.from({ length: N }, () => new Array<number>(P).fill(0)));
  const dW = f64(Array.from({ length: Q }, () => new Array<number>(P).fill(0)));
  const db = f64(new Array<number>(Q).fill(0));
  for (let n = 0; n < N; n++) {
    for (let i = 0; i < Q; i++) {
      const g = G.data[n * Q + i];
      db.data[i] += g;
      for (let j = 0; j < P; j++) {
        dX.data[n * P + j] += g * W.data[i * P + j];
        dW.data[i * P + j] += g * X.data[n * P + j];
      }
    }
  }
  return { dX, dW, db };
}
