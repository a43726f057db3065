// hint: Your W₁ is not centred: its numbers are uniform from 0 on. randn draws from a normal distribution with mean 0.
/** A residual block that starts as the identity: W₁ by He's rule, everything else 0. */
function zeroInitBlock(width: number, hidden: number, seed: number): Block {
  const generator = new Generator(seed);
  return {
    W1: randn([hidden, width], { generator }).abs().mul(Math.sqrt(2 / width)),
    b1: zeros([hidden]),
    W2: zeros([width, hidden]),
    b2: zeros([width]),
  };
}
