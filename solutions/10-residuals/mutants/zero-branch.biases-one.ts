// hint: The biases start at 0, not at 1: with b₂ = 1 the block is not the identity.
/** A residual block that starts as the identity: W₁ by He's rule, everything else 0. */
function zeroInitBlock(width: number, hidden: number, seed: number): Block {
  const generator = new Generator(seed);
  return {
    W1: randn([hidden, width], { generator }).mul(Math.sqrt(2 / width)),
    b1: zeros([hidden]).add(1),
    W2: zeros([width, hidden]),
    b2: zeros([width]).add(1),
  };
}
