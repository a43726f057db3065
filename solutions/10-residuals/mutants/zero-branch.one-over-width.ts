// hint: The variance of W₁ is 1/width. He's rule takes 2/width, because the ReLU halves the mean square.
/** A residual block that starts as the identity: W₁ by He's rule, everything else 0. */
function zeroInitBlock(width: number, hidden: number, seed: number): Block {
  const generator = new Generator(seed);
  return {
    W1: randn([hidden, width], { generator }).mul(Math.sqrt(1 / width)),
    b1: zeros([hidden]),
    W2: zeros([width, hidden]),
    b2: zeros([width]),
  };
}
