// How cost grows: training steps per second against width, depth and batch; graphs of scalars; optimizers over many tensors.
//
//   npm run build && node bench/scaling.mjs
//
// One JSON line per point: {series, x, ms}. What should be linear is: time per unit of work must not grow with its amount.
import { Adam, Generator, nn, ones, randint, randn, Value } from "../dist/index.js";
import { median } from "./median.mjs";

/** Median milliseconds of a call: repeated for at least half a second, after a warm-up. */
function time(run, atLeast = 500) {
  const times = [];
  for (let i = 0; i < 3; i++) run();
  for (const begun = performance.now(); times.length < 5 || performance.now() - begun < atLeast;) {
    const start = performance.now();
    run();
    times.push(performance.now() - start);
  }
  return median(times);
}

/** One training step of an MLP. */
function mlpStep({ width = 128, depth = 2, batch = 64 }) {
  const generator = new Generator(1);
  const sizes = [64, ...Array(depth - 1).fill(width), 10];
  const layers = sizes
    .slice(1)
    .flatMap((size, i) => [
      new nn.Linear(sizes[i], size, { generator }),
      ...(i < depth - 1 ? [new nn.ReLU()] : []),
    ]);
  const model = new nn.Sequential(...layers);
  const optimizer = new Adam(model.parameters(), { lr: 1e-4 });
  const input = randn([batch, 64], { generator });
  const labels = randint(0, 10, [batch], { generator });
  return () => {
    optimizer.zeroGrad();
    const loss = nn.crossEntropy(model.forward(input), labels);
    loss.backward();
    optimizer.step();
    return loss.item();
  };
}

/** Builds a chain of `nodes` scalars and differentiates it. */
function scalarGraph(nodes) {
  const leaves = Array.from({ length: 100 }, (_, i) => new Value(0.1 + i / 200));
  return () => {
    let h = leaves[0];
    for (let n = 0; n + 3 <= nodes; n += 3)
      h = h
        .mul(leaves[n % 100])
        .add(leaves[(n * 7) % 100])
        .relu();
    h.backward();
  };
}

/** A chain of `ops` additions of four elements, differentiated. */
function tensorGraph(ops) {
  const x = ones([4], { requiresGrad: true });
  const c = randn([4]);
  return () => {
    x.grad = null;
    let h = x;
    for (let n = 0; n < ops; n++) h = h.add(c);
    h.sum().backward();
  };
}

/** One step of Adam over `count` tensors of 16 elements. */
function optimizerStep(count) {
  const parameters = Array.from({ length: count }, () => randn([16], { requiresGrad: true }));
  for (const parameter of parameters) parameter.grad = ones([16]);
  const optimizer = new Adam(parameters, { lr: 1e-4 });
  return () => optimizer.step();
}

const series = [
  ["width", [32, 64, 128, 256, 512, 1024], (width) => mlpStep({ width })],
  ["depth", [2, 4, 8, 16, 32, 64], (depth) => mlpStep({ depth })],
  ["batch", [1, 4, 16, 64, 256, 1024], (batch) => mlpStep({ batch })],
  ["scalar nodes", [1e3, 1e4, 1e5, 1e6], scalarGraph],
  ["tensor operations", [1e3, 1e4, 1e5], tensorGraph],
  ["parameter tensors", [1e2, 1e3, 1e4], optimizerStep],
];
for (const [name, sizes, make] of series)
  for (const x of sizes)
    console.log(JSON.stringify({ series: name, x, ms: Number(time(make(x)).toPrecision(4)) }));
