// Lesson 4 – Vector backpropagation – your answers. Derived from solutions/04-vector-backprop/lesson.md by gradlab tangle.
import * as gradlab from "gradlab";
import { Tensor, matmul, relu, tensor, transpose } from "gradlab";

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
  // TODO: row i is the product of the i-th unit vector with the Jacobian
  throw new Error("TODO jacobian-by-vjps: row i is the product of the i-th unit vector with the Jacobian");
}

/** @exercise relu-backward */
/** dZ for H = ReLU(Z). G: the upstream gradient dH; Z, G and the result have one shape […]. */
export function reluBackward(G: Tensor, Z: Tensor): Tensor {
  // TODO: let the gradient through where Z was positive
  throw new Error("TODO relu-backward: let the gradient through where Z was positive");
}

/** @exercise linear-backward */
/** The gradients of L for y = W x. g [Q]: dy; x [P]; W [Q][P] → dx [P], dW [Q][P]. */
export function linearBackward(
  g: number[],
  x: number[],
  W: number[][],
): { dx: number[]; dW: number[][] } {
  // TODO: dx sums over the outputs, dW is the outer product of g and x
  throw new Error("TODO linear-backward: dx sums over the outputs, dW is the outer product of g and x");
}

/** @exercise unbroadcast */
/** The gradient of what was broadcast from `shape` to the shape of G. G […] → [...shape]. */
export function unbroadcast(G: Tensor, shape: readonly number[]): Tensor {
  // TODO: sum over the axes that were added or stretched
  throw new Error("TODO unbroadcast: sum over the axes that were added or stretched");
}

/** @exercise affine-backward */
/**
 * The gradients of L for Y = X Wᵀ + b.
 * G [N, Q]: dY; X [N, P]; W [Q, P] → dX [N, P], dW [Q, P], db [Q].
 */
export function affineBackward(G: Tensor, X: Tensor, W: Tensor): { dX: Tensor; dW: Tensor; db: Tensor } {
  // TODO: dX = G W, dW = Gᵀ X, db sums the rows of G
  throw new Error("TODO affine-backward: dX = G W, dW = Gᵀ X, db sums the rows of G");
}

/** @exercise softmax-ce-backward */
/** dZ for the mean cross-entropy of softmax(Z). Z [N, C]: scores; labels [N]: 0 … C − 1 → [N, C]. */
export function softmaxCrossEntropyBackward(Z: Tensor, labels: Tensor): Tensor {
  // TODO: probabilities minus targets, divided by the number of examples
  throw new Error("TODO softmax-ce-backward: probabilities minus targets, divided by the number of examples");
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
  // TODO: go from the loss to the input, layer by layer
  throw new Error("TODO mlp-backward: go from the loss to the input, layer by layer");
}
