// hint: W₂ is drawn like W₁. It starts at zero.
/** A residual block that starts as the identity: W₁ by He's rule, everything else 0. */
function zeroInitBlock(width: number, hidden: number, seed: number): Block {
  const generator = new Generator(seed);
  return {
    W1: randn([hidden, width], { generator }).mul(Math.sqrt(2 / width)),
    b1: zeros([hidden]),
    W2: randn([width, hidden], { generator }).mul(Math.sqrt(2 / hidden)),
    b2: zeros([width]),
  };
}
