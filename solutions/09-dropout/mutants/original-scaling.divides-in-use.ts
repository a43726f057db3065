// hint: You divide the weights by 1 − p. In use more terms are summed than in training, so the weights must become smaller: multiply.
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
  return h.matmul(weight.div(1 - p).transpose()).add(bias);
}
