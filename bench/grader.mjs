// How long checks and grading take on lesson 03, in every tier of isolation that this machine has.
//
//   npm run build && node bench/grader.mjs [--rounds 5] [--copies 60,1000]
//
// host start   a submission's process until it is ready; with the library: until that is loaded, too
// call         one call of a function of the submission, there and back; callback: the same with two calls back into the judge
// 8 MB         a Float64Array of 2²⁰ numbers, there and back
// check        `await check("composite-derivative")` in a notebook: the first in a session (cold), and later ones (warm)
// grade        a class, no two submissions alike: all right; or mixed: of 50 submissions 35 are right, 9 wrong, 5 half done, and one
//              loops for ever in one exercise
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { compileSubmission } from "../dist/course/compile.js";
import { Course, readLesson } from "../dist/course/course.js";
import { sourceOf } from "../dist/course/notebook.js";
import { weave } from "../dist/course/weave.js";
import { grade } from "../dist/grader/grade.js";
import { Host } from "../dist/grader/host.js";
import { chooseIsolation, processTier } from "../dist/grader/isolation.js";
import { defaultLimits } from "../dist/grader/limits.js";
import { KernelClient } from "../dist/kernel/client.js";
import { median } from "./median.mjs";

const { values } = parseArgs({
  options: { rounds: { type: "string", default: "5" }, copies: { type: "string", default: "60,1000" } },
});
const rounds = Number(values.rounds);
const course = Course.around(new URL("..", import.meta.url).pathname);
const files = course.find("03-chain-rule");
const tiers = [...new Set([processTier, chooseIsolation().tier])];

const results = {};
const note = (name, value) => (results[name] ??= []).push(value);
const timed = async (name, work, times = 1) => {
  const start = performance.now();
  const value = await work();
  note(name, (performance.now() - start) / times);
  return value;
};

async function hosts(tier) {
  const solution = await compileSubmission(readFileSync(files.solution, "utf8"));
  const start = async (name, library) => {
    const host = new Host(() => performance.now() + 60_000, { tier, limits: defaultLimits });
    await timed(`${name}, ${tier} (ms)`, () => host.prepare(library));
    return host;
  };
  (await start("host start with the library", true)).kill();
  const host = await start("host start", false);
  await host.load(solution);
  const calls = 2000;
  const call = async () => {
    for (let i = 0; i < calls; i++) await host.call("compositeDerivative", [i]);
  };
  await call();
  await timed(`call, ${tier} (ms)`, call, calls);
  const square = (x) => x[0] * x[0];
  const callBack = async () => {
    for (let i = 0; i < calls; i++) await host.call("numericalGradient", [square, [i]]);
  };
  await timed(`call with two callbacks, ${tier} (ms)`, callBack, calls);
  await host.load(await compileSubmission("export const back = (x: Float64Array) => x;"));
  const numbers = new Float64Array(2 ** 20);
  await timed(`8 MB there and back, ${tier} (ms)`, () => host.call("back", [numbers]));
  host.kill();
}

async function notebook() {
  const kernel = await KernelClient.launch({ cwd: course.root });
  try {
    await kernel.execute('import { check } from "gradlab/course";');
    const exercise = weave(readLesson(files), "solution").cells.find(
      ({ id }) => id === "exercise-composite-derivative",
    );
    await kernel.execute(sourceOf(exercise));
    const check = () => kernel.execute('await check("composite-derivative")');
    await timed("check, cold (ms)", check);
    for (let i = 0; i < 5; i++) await timed("check, warm (ms)", check);
  } finally {
    await kernel.shutdown();
  }
}

/** A class of so many, as notebooks in a folder. */
function classOf(copies, mixed, folder) {
  const sample = (name) => readFileSync(join(files.samples, `${name}.ipynb`), "utf8");
  const [right, wrong, half] = ["perfect", "wrong", "half-done"].map(sample);
  const loop = JSON.parse(right);
  const cell = loop.cells.find(({ id }) => id === "exercise-total-derivative");
  cell.source = sourceOf(cell).replace(/\{\n/, "{\n  for (;;);\n");
  const kinds = mixed
    ? [...Array(35).fill(right), ...Array(9).fill(wrong), ...Array(5).fill(half), JSON.stringify(loop)]
    : Array(50).fill(right);
  return Array.from({ length: copies }, (_, i) => {
    // 17 and 50 have no common divisor: the kinds come in a mixed order.
    const file = join(folder, `student-${i}.ipynb`);
    // Equal ones would be graded once.
    writeFileSync(file, kinds[(17 * i + 49) % 50].replaceAll("/** @exercise", `/* ${i} */ /** @exercise`));
    return file;
  });
}

async function batch(copies, workers, tier, { mixed = false, types = false } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "gradlab-bench-"));
  const what = `${mixed ? "mixed" : "right"}${types ? ", with advice on types" : ""}`;
  const name = `grade ${copies} at ${workers} jobs, ${tier}, ${what} (submissions/s)`;
  try {
    const paths = classOf(copies, mixed, folder);
    const start = performance.now();
    const { submissions } = await grade(course, paths, { workers, tier, types });
    note(name, (1000 * copies) / (performance.now() - start));
    const ungraded = submissions.filter(({ outcome }) => !["graded", "timeout"].includes(outcome));
    if (ungraded.length > 0) throw new Error(`${ungraded.length} not graded: ${ungraded[0].outcome}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const [few, ...many] = values.copies.split(",").map(Number);
for (let round = 0; round < rounds; round++) {
  for (const tier of tiers) await hosts(tier);
  await notebook();
  for (const workers of [1, 2])
    for (const tier of tiers) for (const mixed of [false, true]) await batch(few, workers, tier, { mixed });
  await batch(few, 2, tiers.at(-1), { types: true });
}
for (const copies of many)
  for (const workers of [1, 2]) await batch(copies, workers, tiers.at(-1), { mixed: true });

const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
console.log(
  JSON.stringify({
    machine: `${cpus().length} × ${cpus()[0].model}`,
    node: process.version,
    date: new Date().toISOString().slice(0, 10),
    commit,
    rounds,
  }),
);
for (const [name, all] of Object.entries(results)) {
  const [least, middle, most] = [Math.min(...all), median(all), Math.max(...all)].map((x) =>
    Number(x.toPrecision(3)),
  );
  console.log(JSON.stringify({ name, median: middle, min: least, max: most, n: all.length }));
}
