// hint: In use the sum has more terms than in training, and you do not make up for it. Multiply the weights by 1 − p.
/**
 * A linear layer whose inputs are dropped as in the original paper.
 * h [N, D], keep [N, D] of zeros and ones in training or null in use, weight [O, D], bias [O] → [N, O].
 */
function originalLinear(
  h: Tensor,
  keep: Tensor | null,
  weight: Tensor,
  bias: Tensor,
  p: number,
): Tensor {
  if (keep) return h.mul(keep).matmul(weight.transpose()).add(bias);
  return h.matmul(weight.transpose()).add(bias);
}
