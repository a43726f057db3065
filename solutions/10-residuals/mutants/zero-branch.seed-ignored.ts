// hint: Every seed gives the same numbers. Draw from new Generator(seed).
/** A residual block that starts as the identity: W₁ by He's rule, everything else 0. */
function zeroInitBlock(width: number, hidden: number, seed: number): Block {
  const generator = new Generator(0);
  return {
    W1: randn([hidden, width], { generator }).mul(Math.sqrt(2 / width)),
    b1: zeros([hidden]),
    W2: zeros([width, hidden]),
    b2: zeros([width]),
  };
}
