// Lesson 4 – Vector backpropagation – the reference answers. Derived from solutions/04-vector-backprop/lesson.md by gradlab tangle.
import * as gradlab from "gradlab";
import { Tensor, matmul, oneHot, relu, softmax, tensor, transpose } from "gradlab";

/** @shared f64 */
/** A tensor in double precision, in which this lesson computes until it comes to images. */
export function f64(numbers: gradlab.TensorSource): Tensor {
  return tensor(numbers, { dtype: "float64" });
}

/** @exercise jacobian-by-vjps */
/**
 * The Jacobian [Q][P] of a map from P to Q numbers.
 * vjp: g [Q] → gᵀJ [P].
 */
export function jacobianByVjps(vjp: (g: number[]) => number[], Q: number): number[][] {
  const J: number[][] = [];
  for (let i = 0; i < Q; i++) {
    const unit = new Array<number>(Q).fill(0);
    unit[i] = 1;
    J.push(vjp(unit));
  }
  return J;
}

/** @exercise relu-backward */
/** dZ for H = ReLU(Z). G: the upstream gradient dH; Z, G and the result have one shape […]. */
export function reluBackward(G: Tensor, Z: Tensor): Tensor {
  return G.mul(Z.greater(0));
}

/** @exercise linear-backward */
/** The gradients of L for y = W x. g [Q]: dy; x [P]; W [Q][P] → dx [P], dW [Q][P]. */
export function linearBackward(
  g: number[],
  x: number[],
  W: number[][],
): { dx: number[]; dW: number[][] } {
  const dx = x.map((_, j) => {
    let sum = 0;
    for (let i = 0; i < g.length; i++) sum += g[i] * W[i][j];
    return sum;
  });
  const dW = g.map((gi) => x.map((xj) => gi * xj));
  return { dx, dW };
}

/** @exercise unbroadcast */
/** The gradient of what was broadcast from `shape` to the shape of G. G […] → [...shape]. */
export function unbroadcast(G: Tensor, shape: readonly number[]): Tensor {
  const extra = G.ndim - shape.length;
  const repeated = [...G.shape.keys()].filter((axis) => axis < extra || shape[axis - extra] === 1);
  return G.sum(repeated).reshape(shape);
}

/** @exercise affine-backward */
/**
 * The gradients of L for Y = X Wᵀ + b.
 * G [N, Q]: dY; X [N, P]; W [Q, P] → dX [N, P], dW [Q, P], db [Q].
 */
export function affineBackward(G: Tensor, X: Tensor, W: Tensor): { dX: Tensor; dW: Tensor; db: Tensor } {
  const dX = matmul(G, W);
  const dW = matmul(transpose(G), X);
  const db = unbroadcast(G, [W.shape[0]]);
  return { dX, dW, db };
}

/** @exercise softmax-ce-backward */
/** dZ for the mean cross-entropy of softmax(Z). Z [N, C]: scores; labels [N]: 0 … C − 1 → [N, C]. */
export function softmaxCrossEntropyBackward(Z: Tensor, labels: Tensor): Tensor {
  const [N, C] = Z.shape;
  return softmax(Z).sub(oneHot(labels, C)).div(N);
}

/** @shared mlp-forward */
/** An affine layer: W [out, in], b [out]. Also its gradients, which have the same shapes. */
export interface Layer {
  W: Tensor;
  b: Tensor;
}

/** What the forward pass keeps. */
export interface Cache {
  /** H[k] [N, in]: what enters layers[k]; H[0] is the batch itself. */
  H: Tensor[];
  /** Z[k] [N, out]: what layers[k] computes, before the ReLU; the last one holds the scores. */
  Z: Tensor[];
}

/** The forward pass: an affine map per layer, a ReLU between each two. X [N, in]. */
export function mlpForward(X: Tensor, layers: Layer[]): Cache {
  const [H, Z]: Tensor[][] = [[X], []];
  layers.forEach(({ W, b }, k) => {
    Z.push(matmul(H[k], transpose(W)).add(b));
    if (k < layers.length - 1) H.push(relu(Z[k]));
  });
  return { H, Z };
}

/** @exercise mlp-backward */
/**
 * The gradients of the mean cross-entropy, from what mlpForward kept.
 * labels [N] → gradients: W [out, in] and b [out] of each layer; dX [N, in].
 */
export function mlpBackward(
  { H, Z }: Cache,
  labels: Tensor,
  layers: Layer[],
): { gradients: Layer[]; dX: Tensor } {
  const gradients: Layer[] = [];
  let G = softmaxCrossEntropyBackward(Z[Z.length - 1], labels);
  for (let k = layers.length - 1; k >= 0; k--) {
    const { dX, dW, db } = affineBackward(G, H[k], layers[k].W);
    gradients[k] = { W: dW, b: db };
    G = k > 0 ? reluBackward(dX, Z[k - 1]) : dX;
  }
  return { gradients, dX: G };
}
