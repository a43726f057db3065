// hint: W₁ is zero, too. Then h = 0, dW₂ = 0 and dW₁ = 0: the block can never learn. Only the last layer starts at zero.
/** A residual block that starts as the identity: W₁ by He's rule, everything else 0. */
function zeroInitBlock(width: number, hidden: number, seed: number): Block {
  const generator = new Generator(seed);
  return {
    W1: zeros([hidden, width]),
    b1: zeros([hidden]),
    W2: zeros([width, hidden]),
    b2: zeros([width]),
  };
}
