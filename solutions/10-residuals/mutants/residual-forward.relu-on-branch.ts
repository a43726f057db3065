// hint: A ReLU stands at the end of your branch, which can then only add. It belongs between W₁ and W₂.
/** y = x + W₂ relu(W₁ x + b₁) + b₂ for each row of x [N, D]; y and what was computed on the way. */
function residualForward(x: Tensor, block: Block): BlockCache {
  const { W1, b1, W2, b2 } = block;
  const z = x.matmul(W1.transpose()).add(b1);
  const h = z.relu();
  const y = x.add(h.matmul(W2.transpose()).add(b2).relu());
  return { x, z, h, y };
}
