// hint: You scale in training. The original recipe only drops there; the weights are scaled in use.
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
  if (keep) return h.mul(keep).div(1 - p).matmul(weight.transpose()).add(bias);
  return h.matmul(weight.mul(1 - p).transpose()).add(bias);
}
