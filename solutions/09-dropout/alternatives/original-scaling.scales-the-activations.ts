// One layer for both: in use the factor 1 − p stands in place of the mask.
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
  return h.mul(keep ?? 1 - p).matmul(weight.transpose()).add(bias);
}
