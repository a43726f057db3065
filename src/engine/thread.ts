// What runs in each thread but the main one: see threads.ts.
import { workerData } from "node:worker_threads";
import { at, Job, type ThreadData } from "./thread-control.js";

/** How often an idle thread looks for work before it goes to sleep: about a tenth of a millisecond. */
const patience = 20_000;

const { module, memory, control, index } = workerData as ThreadData;
const { exports } = new WebAssembly.Instance(module, { env: { memory } });
const job = new Job(memory, control, exports);
const { words } = job;

Atomics.add(words, at.started, 1);
for (let seen = 0; ;) {
  let looks = 0;
  while (Atomics.load(words, at.generation) === seen) {
    if (++looks > patience) Atomics.wait(words, at.generation, seen);
  }
  seen = Atomics.load(words, at.generation);
  // Whoever closes a job waits until no thread is active, and a thread that became active later finds it closed.
  Atomics.add(words, at.active, 1);
  try {
    if (Atomics.load(words, at.open)) job.work(index);
  } catch {
    Atomics.store(words, at.failed, 1);
  }
  Atomics.sub(words, at.active, 1);
  Atomics.notify(words, at.active);
}
