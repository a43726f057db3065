// hint: You set the first layer to zero, and the last is random. With biases of 0 the block is the identity, but it stays so: h = 0. Zero the last layer.
/** A residual block that starts as the identity: W₁ by He's rule, everything else 0. */
function zeroInitBlock(width: number, hidden: number, seed: number): Block {
  const generator = new Generator(seed);
  return {
    W1: zeros([hidden, width]),
    b1: zeros([hidden]),
    W2: randn([width, hidden], { generator }).mul(Math.sqrt(2 / width)),
    b2: zeros([width]),
  };
}
