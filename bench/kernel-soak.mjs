// The kernel over a term: notebooks' worth of cells of all kinds, in random order, with interrupts, restarts and ends in between.
//
//   npm run build && node bench/kernel-soak.mjs [--notebooks 1000] [--seed 1]
//
// One kernel runs one notebook's worth of cells (30) after another. Each cell's output is compared with what it must be. On average
// one cell in 50 spins and is interrupted, one in 150 ends its session, one in 150 is followed by a restart; afterwards
// a fresh kernel takes over. In tenths: median and worst latency of ordinary cells, of interrupts and of restarts, and memory.
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { Generator } from "../dist/index.js";
import { KernelClient, KernelDied } from "../dist/kernel/client.js";
import { median } from "./median.mjs";

const { values } = parseArgs({
  options: { notebooks: { type: "string", default: "1000" }, seed: { type: "string", default: "1" } },
});
const notebooks = Number(values.notebooks);
const cellsPerNotebook = 30;
const random = new Generator(Number(values.seed));
const pick = (list) => list[Math.floor(random.uniform() * list.length)];

/** A cell, and the text of all its output. `n` is another number each time. */
const kinds = [
  (n) => [`${n} + 1`, `${n + 1}`],
  (n) => [`console.log("line", ${n}); console.error("error", ${n})`, `line ${n}\nerror ${n}\n`],
  (n) => [`const x = ${n}; class Box { value = x } new Box().value`, `${n}`],
  (n) => [`import { tensor } from "gradlab"; tensor([${n}, 1]).mul(2).sum().item()`, `${2 * n + 2}`],
  (n) => [`await new Promise((resolve) => setTimeout(resolve, 5, ${n}))`, `${n}`],
  (n) => [`throw new RangeError("${n}")`, `RangeError: ${n}`],
  (n) => [`const y: string = ${n};`, "Type 'number' is not assignable to type 'string'."],
  (n) => [`for (let i = 0; i < 2000; i++) console.log(i + ${n})`, lines(2000, n)],
  (n) => [
    `setTimeout(() => console.log("later", ${n}), 1); await new Promise((r) => setTimeout(r, 30)); ${n}`,
    `later ${n}\n${n}`,
  ],
  (n) => [`function* g() { yield ${n}; yield ${n + 1}; }\n[...g()]`, `[ ${n}, ${n + 1} ]`],
];
const spins = [
  "while (true) {}",
  "await 0; for (;;) {}",
  "await new Promise(() => {})",
  "require('node:child_process').execSync('sleep 100')",
];

function lines(count, from) {
  return Array.from({ length: count }, (_, i) => `${i + from}\n`).join("");
}

const counts = { cells: 0, interrupts: 0, restarts: 0, ends: 0, wrong: 0 };
let times = { cell: [], interrupt: [], restart: [] };
const rows = [];
let kernel = await launch();

for (let notebook = 1; notebook <= notebooks; notebook++) {
  for (let cell = 0; cell < cellsPerNotebook; cell++) {
    const chance = random.uniform();
    if (chance < 1 / 50) await interruptOne();
    else if (chance < 1 / 50 + 1 / 150) await endOne();
    else await runOne();
    if (random.uniform() < 1 / 150) await restart();
  }
  if (notebook % Math.max(1, Math.round(notebooks / 10)) === 0) report(notebook);
}
await kernel.client.shutdown();
console.table(rows);
console.log(JSON.stringify({ notebooks, seed: Number(values.seed), ...counts }));
process.exitCode = counts.wrong > 0 ? 1 : 0;

async function launch() {
  const start = performance.now();
  const client = await KernelClient.launch();
  const { outputs } = await client.execute("process.pid");
  times.restart.push(performance.now() - start);
  return { client, session: Number(textOf(outputs)) };
}

async function runOne() {
  const [code, expected] = pick(kinds)(Math.floor(random.uniform() * 1000));
  const start = performance.now();
  const { outputs } = await kernel.client.execute(code, { timeout: 60_000 });
  times.cell.push(performance.now() - start);
  counts.cells += 1;
  const text = textOf(outputs);
  if (text !== expected && !(outputs.at(-1)?.type === "error" && text.includes(expected))) wrong(code, text);
}

async function interruptOne() {
  const code = pick(spins);
  let answer;
  await new Promise((resolve) => {
    const onPublication = ({ content }) => content.execution_state === "busy" && resolve();
    answer = kernel.client.execute(code, { timeout: 60_000, onPublication });
  });
  await sleep(random.uniform() * 300);
  const start = performance.now();
  await kernel.client.interrupt();
  const { reply } = await answer;
  times.interrupt.push(performance.now() - start);
  counts.interrupts += 1;
  if (reply.ename !== "KeyboardInterrupt") wrong(code, JSON.stringify(reply));
}

async function endOne() {
  const answer = kernel.client.execute("process.exit(3)", { timeout: 60_000 });
  const { reply } = await answer.catch((error) => {
    if (error instanceof KernelDied) return { reply: { ename: "SessionExited" } };
    throw error;
  });
  counts.ends += 1;
  if (reply.ename !== "SessionExited") wrong("process.exit(3)", JSON.stringify(reply));
  await kernel.client.close();
  kernel = await launch();
}

async function restart() {
  await kernel.client.shutdown();
  counts.restarts += 1;
  kernel = await launch();
}

function wrong(code, text) {
  counts.wrong += 1;
  console.error(`${code}\n  gave ${JSON.stringify(text.slice(0, 300))}`);
}

function report(notebook) {
  const summary = (list) => (list.length > 0 ? `${round(median(list))} / ${round(Math.max(...list))}` : "");
  rows.push({
    notebooks: notebook,
    "cell ms, median / worst": summary(times.cell),
    "interrupt ms": summary(times.interrupt),
    "start ms": summary(times.restart),
    frontMB: residentMegabytes(kernel.client.process.pid),
    sessionMB: residentMegabytes(kernel.session),
  });
  console.log(JSON.stringify(rows.at(-1)));
  times = { cell: [], interrupt: [], restart: [] };
}

function residentMegabytes(pid) {
  const [, kilobytes] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return Math.round(Number(kilobytes) / 1024);
}

function textOf(outputs) {
  return outputs
    .map(
      ({ content }) => content.text ?? content.data?.["text/plain"] ?? `${content.ename}: ${content.evalue}`,
    )
    .join("");
}

function round(value) {
  return Number(value.toFixed(1));
}
