// How long checks and grading take on lesson 03.
//
//   npm run build && node bench/grader.mjs [rounds]
//
// host       start of a submission's process until it has loaded the reference answers
// call       one call of a function of the submission, there and back; callback: one call back into the judge
// check      `await check("composite-derivative")` in a notebook: the first in a session (cold), and later ones (warm)
// grade      one submission in a batch of copies of the shipped samples, one worker
import { cpus } from "node:os";
import { readFileSync } from "node:fs";
import { compileSubmission } from "../dist/course/compile.js";
import { Course, readLesson } from "../dist/course/course.js";
import { sourceOf } from "../dist/course/notebook.js";
import { weave } from "../dist/course/weave.js";
import { gradeInputs } from "../dist/grader/grade.js";
import { Host } from "../dist/grader/host.js";
import { collect } from "../dist/grader/input/collect.js";
import { KernelClient } from "../dist/kernel/client.js";
import { median } from "./median.mjs";

const rounds = Number(process.argv[2] ?? 5);
const course = Course.around(new URL("..", import.meta.url).pathname);
const files = course.find("03-chain-rule");
const results = {};
const note = (name, milliseconds) => (results[name] ??= []).push(milliseconds);
const timed = async (name, work, times = 1) => {
  const start = performance.now();
  await work();
  note(name, (performance.now() - start) / times);
};

async function hosts() {
  const solution = compileSubmission(readFileSync(files.solution, "utf8"));
  const host = new Host(() => performance.now() + 60_000);
  await timed("host start and load", () => host.load(solution));
  const calls = 1000;
  const call = async () => {
    for (let i = 0; i < calls; i++) await host.call("compositeDerivative", [i]);
  };
  await call();
  await timed("call", call, calls);
  const square = (x) => x[0] * x[0];
  await timed(
    "call with two callbacks",
    async () => {
      for (let i = 0; i < calls; i++) await host.call("numericalGradient", [square, [i]]);
    },
    calls,
  );
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
    await timed("check, cold", check);
    for (let i = 0; i < 5; i++) await timed("check, warm", check);
  } finally {
    await kernel.shutdown();
  }
}

async function batch() {
  const samples = await collect([files.samples]);
  const copies = Array.from({ length: 30 }, (_, i) => ({
    ...samples[i % samples.length],
    student: `student ${i}`,
  }));
  await timed("grade, per submission", () => gradeInputs(course, copies), copies.length);
}

for (let round = 0; round < rounds; round++) {
  await hosts();
  await notebook();
  await batch();
}

console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0].model}, ${rounds} rounds`);
for (const [name, times] of Object.entries(results))
  console.log(
    JSON.stringify({
      name,
      medianMs: Number(median(times).toPrecision(3)),
      minMs: Number(Math.min(...times).toPrecision(3)),
      n: times.length,
    }),
  );
