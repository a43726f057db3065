// hint: The shapes of W₁ and W₂ are swapped: W₁ takes D numbers to H, so it is [hidden, width].
/** A residual block that starts as the identity: W₁ by He's rule, everything else 0. */
function zeroInitBlock(width: number, hidden: number, seed: number): Block {
  const generator = new Generator(seed);
  return {
    W1: randn([width, hidden], { generator }).mul(Math.sqrt(2 / width)),
    b1: zeros([hidden]),
    W2: zeros([hidden, width]),
    b2: zeros([width]),
  };
}
