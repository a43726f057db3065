// Start and cell latency of the gradlab kernel beside stock tslab, over the same client and protocol.
//
//   npm run build && node bench/kernel.mjs [rounds] [cells]
//
// All over TCP, as tslab cannot do otherwise.
//
// start     launch → kernel_info_reply
// first     launch → reply of the first cell, `1 + 1`, sent at once
// import    `import { tensor } from "gradlab"`, the first time in a session
// cell      a small cell with the library imported (gradlab) or without it (tslab, which cannot import it here):
//           request → reply and idle, median and 99th percentile over all rounds
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { KernelClient } from "../dist/kernel/client.js";

const rounds = Number(process.argv[2] ?? 5);
const cellsPerRound = Number(process.argv[3] ?? 100);
const tslab = join(dirname(createRequire(import.meta.url).resolve("tslab/package.json")), "bin", "tslab");
// Away from any node_modules, as most notebooks are.
const cwd = mkdtempSync(join(tmpdir(), "gradlab-bench-"));

const kernels = {
  gradlab: {
    options: { transport: "tcp" },
    prepare: 'import { tensor } from "gradlab";',
    cell: (i) => `tensor([${i}, 1]).mul(2).sum().item()`,
  },
  tslab: {
    options: { command: [process.execPath, tslab, "kernel", "--config-path"], transport: "tcp" },
    cell: (i) => `[${i}, 1].length`,
  },
  "gradlab, tslab's cell": { options: { transport: "tcp" }, cell: (i) => `[${i}, 1].length` },
};

const samples = Object.fromEntries(
  Object.keys(kernels).map((name) => [name, { start: [], first: [], import: [], cell: [] }]),
);
for (let round = 0; round < rounds; round++) {
  // In turn, so that whatever else the machine does hits all alike.
  for (const [name, { options, prepare, cell }] of Object.entries(kernels)) {
    const sample = samples[name];
    const launched = performance.now();
    const kernel = await KernelClient.launch({ cwd, ...options });
    sample.start.push(performance.now() - launched);
    await kernel.execute("1 + 1");
    sample.first.push(performance.now() - launched);
    if (prepare) sample.import.push(await timeOf(() => kernel.execute(prepare)));
    for (let i = 0; i < cellsPerRound; i++) {
      sample.cell.push(await timeOf(() => kernel.execute(cell(i), { timeout: 2000 })));
    }
    await kernel.close();
  }
}
rmSync(cwd, { recursive: true });

async function timeOf(task) {
  const start = performance.now();
  await task();
  return performance.now() - start;
}

function quantile(values, q) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
}

const results = Object.entries(samples).map(([kernel, { start, first, import: imported, cell }]) => ({
  kernel,
  startMs: quantile(start, 0.5),
  firstResultMs: quantile(first, 0.5),
  importMs: imported.length > 0 ? quantile(imported, 0.5) : null,
  cellMedianMs: quantile(cell, 0.5),
  cellP99Ms: quantile(cell, 0.99),
}));
const round1 = (value) => (typeof value === "number" ? Number(value.toFixed(1)) : value);
const rounded = results.map((result) =>
  Object.fromEntries(Object.entries(result).map(([key, value]) => [key, round1(value)])),
);
const machine = {
  node: process.version,
  cpu: cpus()[0].model,
  cores: cpus().length,
  date: new Date().toISOString().slice(0, 10),
};
for (const result of rounded) console.log(JSON.stringify({ ...result, rounds, cellsPerRound, ...machine }));
console.table(Object.fromEntries(rounded.map(({ kernel, ...numbers }) => [kernel, numbers])));

const [ours, stock, sameCell] = results;
const ratio = (a, b) => `${(a / b).toFixed(2)} ×`;
console.log(
  `start ${ratio(ours.startMs, stock.startMs)}, first result ${ratio(ours.firstResultMs, stock.firstResultMs)},`,
);
console.log(`the same cell ${ratio(sameCell.cellMedianMs, stock.cellMedianMs)} the time of stock tslab`);
