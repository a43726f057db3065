// The gradlab kernel beside stock tslab, over the same client and protocol, in turn.
//
//   npm run build && node bench/kernel.mjs [rounds] [cells]
//
// All over TCP, as tslab cannot do otherwise.
//
// start       launch → kernel_info_reply
// first       launch → reply of the first cell, `1 + 1`, sent at once
// import      `import { tensor } from "gradlab"`, the first time in a session; tslab imports the compiled package from a
//             node_modules beside the notebook
// cell        `[i, 1].length`: request → reply and idle
// library     `tensor([i, 1]).mul(2).sum().item()`, after the import
// completion  `[1, 2].` and, with the library, `tensor([1]).`, after a cell that has changed something
// interrupt   of a loop behind an await, which tslab does not survive: request → reply of the cell
// restart     a session of the library is shut down and another one launched, as Jupyter does: → first result
// memory      of all the kernel's processes (proportional set size, Linux): before the first cell, when the compiler is
//             loaded, and after 1 000 cells that each declare a variable
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, loadavg, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { KernelClient } from "../dist/kernel/client.js";

const rounds = Number(process.argv[2] ?? 5);
const cellsPerRound = Number(process.argv[3] ?? 100);
const manyCells = 1000;
const tslab = join(dirname(createRequire(import.meta.url).resolve("tslab/package.json")), "bin", "tslab");
const cwd = mkdtempSync(join(tmpdir(), "gradlab-bench-"));
mkdirSync(join(cwd, "node_modules"));
symlinkSync(fileURLToPath(new URL("..", import.meta.url)), join(cwd, "node_modules", "gradlab"));

const kernels = {
  gradlab: { transport: "tcp" },
  tslab: { transport: "tcp", command: [process.execPath, tslab, "kernel", "--config-path"] },
};
const measures = [
  "start",
  "first",
  "import",
  "cell",
  "library",
  "completion",
  "libraryCompletion",
  "interrupt",
  "restart",
];
const samples = Object.fromEntries(
  Object.keys(kernels).map((name) => [name, Object.fromEntries(measures.map((measure) => [measure, []]))]),
);
const memory = Object.fromEntries(Object.keys(kernels).map((name) => [name, { rest: [], after: [] }]));

for (let round = 0; round < rounds; round++) {
  // In turn, so that whatever else the machine does hits all alike.
  for (const [name, options] of Object.entries(kernels)) {
    const sample = samples[name];
    const launched = performance.now();
    const kernel = await KernelClient.launch({ cwd, ...options });
    sample.start.push(performance.now() - launched);
    await kernel.execute("1 + 1");
    sample.first.push(performance.now() - launched);
    for (let i = 0; i < cellsPerRound; i++) sample.cell.push(await timeOf(kernel, `[${i}, 1].length`));
    await complete(kernel, "[1, 2].", sample.completion);
    sample.import.push(await timeOf(kernel, 'import { tensor } from "gradlab";'));
    for (let i = 0; i < cellsPerRound; i++)
      sample.library.push(await timeOf(kernel, `tensor([${i}, 1]).mul(2).sum().item()`));
    await complete(kernel, "tensor([1]).", sample.libraryCompletion);
    if (name === "gradlab") for (let i = 0; i < 5; i++) sample.interrupt.push(await interruptTime(kernel));
    const leaving = performance.now();
    await kernel.shutdown();
    const next = await KernelClient.launch({ cwd, ...options });
    await next.execute("1 + 1");
    sample.restart.push(performance.now() - leaving);
    await next.close();
  }
}
// Of its own, as it takes long: two kernels each.
for (let round = 0; round < Math.min(2, rounds); round++) {
  for (const [name, options] of Object.entries(kernels)) {
    const kernel = await KernelClient.launch({ cwd, ...options });
    await kernel.request("complete_request", { code: "a", cursor_pos: 1 });
    memory[name].rest.push(memoryOf(kernel.process.pid));
    for (let i = 0; i < manyCells; i++) await timeOf(kernel, `const value${i % 50} = [${i}, 1];`);
    memory[name].after.push(memoryOf(kernel.process.pid));
    await kernel.close();
  }
}
rmSync(cwd, { recursive: true });

/** Milliseconds. tslab loses a reply now and then: such a cell is left out, as nobody would wait for it. */
async function timeOf(kernel, code) {
  const start = performance.now();
  try {
    const { reply } = await kernel.execute(code, { timeout: 5000 });
    if (reply.status !== "ok") throw new Error(`${code}: ${JSON.stringify(reply)}`);
  } catch (error) {
    if (error.name !== "KernelTimeout") throw error;
    return NaN;
  }
  return performance.now() - start;
}

async function complete(kernel, code, times) {
  for (let i = 0; i < 20; i++) {
    await timeOf(kernel, `const noted${i} = ${i};`);
    const start = performance.now();
    const { content } = await kernel.request("complete_request", { code, cursor_pos: code.length });
    times.push(performance.now() - start);
    if (content.matches.length < 10) throw new Error(`${code}: ${JSON.stringify(content)}`);
  }
}

async function interruptTime(kernel) {
  let ended;
  await new Promise((resolve) => {
    ended = kernel.execute("await null; console.log('started'); while (true) {}", {
      onPublication: ({ type }) => type === "stream" && resolve(),
    });
  });
  const start = performance.now();
  await kernel.interrupt();
  await ended;
  return performance.now() - start;
}

/** Megabytes of a process and all below it. */
function memoryOf(pid) {
  const own = /^Pss: +(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"));
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  const below = children === "" ? [] : children.split(" ").map((child) => memoryOf(Number(child)));
  return below.reduce((sum, megabytes) => sum + megabytes, Number(own[1]) / 1024);
}

function quantile(values, q) {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  return Number(sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))].toFixed(1));
}

const results = Object.keys(kernels).map((kernel) => {
  const { start, first, import: imported, cell, library, completion, libraryCompletion } = samples[kernel];
  const { interrupt, restart } = samples[kernel];
  return {
    kernel,
    startMs: quantile(start, 0.5),
    firstResultMs: quantile(first, 0.5),
    importMs: quantile(imported, 0.5),
    cellMedianMs: quantile(cell, 0.5),
    cellP99Ms: quantile(cell, 0.99),
    libraryCellMedianMs: quantile(library, 0.5),
    libraryCellP99Ms: quantile(library, 0.99),
    completionMedianMs: quantile(completion, 0.5),
    completionP95Ms: quantile(completion, 0.95),
    libraryCompletionMedianMs: quantile(libraryCompletion, 0.5),
    libraryCompletionP95Ms: quantile(libraryCompletion, 0.95),
    ...(interrupt.length > 0 && {
      interruptMedianMs: quantile(interrupt, 0.5),
      interruptMaxMs: quantile(interrupt, 1),
    }),
    restartMs: quantile(restart, 0.5),
    restMB: quantile(memory[kernel].rest, 0.5),
    after1000CellsMB: quantile(memory[kernel].after, 0.5),
    lostReplies: [...cell, ...library].filter(Number.isNaN).length,
  };
});
const machine = {
  node: process.version,
  cpu: cpus()[0].model,
  cores: cpus().length,
  load: Number(loadavg()[0].toFixed(1)),
  date: new Date().toISOString().slice(0, 10),
};
for (const result of results) console.log(JSON.stringify({ ...result, rounds, cellsPerRound, ...machine }));
const [ours, stock] = results;
const ratios = Object.keys(ours)
  .filter((key) => typeof stock[key] === "number" && stock[key] > 0)
  .map((key) => [
    key,
    { gradlab: ours[key], tslab: stock[key], ratio: Number((ours[key] / stock[key]).toFixed(2)) },
  ]);
console.table(Object.fromEntries(ratios));
