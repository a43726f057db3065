// hint: In use you multiply the weights by p, the probability of being dropped. Multiply by 1 − p, that of being kept.
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
  return h.matmul(weight.mul(p).transpose()).add(bias);
}
