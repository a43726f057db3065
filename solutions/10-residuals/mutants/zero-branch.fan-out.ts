// hint: You divide by hidden. W₁ sums over the width inputs: its variance is 2/width.
/** A residual block that starts as the identity: W₁ by He's rule, everything else 0. */
function zeroInitBlock(width: number, hidden: number, seed: number): Block {
  const generator = new Generator(seed);
  return {
    W1: randn([hidden, width], { generator }).mul(Math.sqrt(2 / hidden)),
    b1: zeros([hidden]),
    W2: zeros([width, hidden]),
    b2: zeros([width]),
  };
}
