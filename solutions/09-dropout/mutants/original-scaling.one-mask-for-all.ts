// hint: You use the mask of the first sample for all of them. Each sample has a row of its own.
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
  if (keep) return h.mul(keep.slice(0, 1)).matmul(weight.transpose()).add(bias);
  return h.matmul(weight.mul(1 - p).transpose()).add(bias);
}
