// hint: W₂ is small, but not zero. The block shall be the identity exactly.
/** A residual block that starts as the identity: W₁ by He's rule, everything else 0. */
function zeroInitBlock(width: number, hidden: number, seed: number): Block {
  const generator = new Generator(seed);
  return {
    W1: randn([hidden, width], { generator }).mul(Math.sqrt(2 / width)),
    b1: zeros([hidden]),
    W2: randn([width, hidden], { generator }).mul(0.01),
    b2: zeros([width]),
  };
}
