// Whether training holds its memory flat: an MLP 64-64-10, batch 32, Adam, 10 000 steps.
//
//   npm run build && node --expose-gc bench/memory.mjs
//
// heap and external memory after a collection, in megabytes, every 2 000 steps.
import { Adam, Generator, nn, randint, randn } from "../dist/index.js";

const generator = new Generator(1);
const model = new nn.Sequential(
  new nn.Linear(64, 64, { generator }),
  new nn.ReLU(),
  new nn.Linear(64, 10, { generator }),
);
const optimizer = new Adam(model.parameters(), { lr: 1e-3 });
const input = randn([32, 64], { generator });
const labels = randint(0, 10, [32], { generator });
const megabytes = (bytes) => Number((bytes / 2 ** 20).toFixed(2));

for (let step = 0; step <= 10_000; step++) {
  optimizer.zeroGrad();
  nn.crossEntropy(model.forward(input), labels).backward();
  optimizer.step();
  if (step === 0 || step % 2000 > 0) continue;
  globalThis.gc();
  const { heapUsed, external, arrayBuffers, rss } = process.memoryUsage();
  console.log(
    JSON.stringify({
      step,
      heapMB: megabytes(heapUsed),
      externalMB: megabytes(external),
      arrayBuffersMB: megabytes(arrayBuffers),
      rssMB: megabytes(rss),
    }),
  );
}
