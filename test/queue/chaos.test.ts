import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Queue } from "bullmq";
import { afterAll, beforeAll, expect, test } from "vitest";
import { queueName, queuePrefix } from "../../src/grader/batch/submission-queue.js";
import type { GradeReport } from "../../src/grader/results.js";
import { Generator } from "../../src/index.js";
import {
  copyCourse,
  essence,
  startGradlab,
  until,
  writeClass,
  type Running,
} from "../grader/batch/gradlab.js";
import { RedisServer } from "./redis-server.js";

const folder = mkdtempSync(join(tmpdir(), "gradlab-chaos-"));
const course = copyCourse(folder);
const count = 60;
const submissions = writeClass(join(folder, "class"), count);
const random = new Generator(20);

let server: RedisServer;
const workers: Running[] = [];
beforeAll(async () => (server = await RedisServer.start({ password: "a pass:word/100%" })));
afterAll(async () => {
  for (const { child } of workers) child.kill("SIGKILL");
  await server.remove();
  rmSync(folder, { recursive: true });
});

const common = ["--course", course, "--lesson", "01-slope", "--sandbox", "off"];
const startWorker = () => {
  const worker = startGradlab(
    "worker",
    "--queue",
    server.url,
    "--course",
    course,
    "--sandbox",
    "off",
    "--jobs",
    "1",
  );
  workers.push(worker);
  return worker;
};
const hasStarted = ({ output }: Running) => output.stderr.includes("waiting for submissions");
const reportIn = (out: string) => JSON.parse(readFileSync(join(out, "results.json"), "utf8")) as GradeReport;
const journalLines = (out: string) => readFileSync(join(out, "journal.jsonl"), "utf8").split("\n").length - 1;

test("workers are killed, Redis is killed, work is handed in twice: every result once, none in conflict", async () => {
  const out = join(folder, "out");
  const producer = startGradlab("grade", submissions, ...common, "--queue", server.url, "--out", out);
  // The same class from a second teacher, at the same time.
  const rival = startGradlab("grade", submissions, ...common, "--queue", server.url, "--json");
  for (let i = 0; i < 3; i++) startWorker();
  let isOver = false;
  void Promise.all([producer.ended, rival.ended]).then(() => (isOver = true));

  await until(() => workers.some(hasStarted), "a worker");
  await duplicateJobs();
  const alive = () => workers.filter(({ child }) => !child.killed);
  let kills = 0;
  for (; kills < 6 && !isOver; kills++) {
    await until(() => isOver || alive().some(hasStarted), "a worker that works");
    await sleep(1500 * random.uniform());
    alive()[Math.floor(alive().length * random.uniform())].child.kill("SIGKILL");
    startWorker();
    if (kills === 2) {
      // One that finds no Redis when it starts gives up.
      await until(() => alive().every(hasStarted), "all workers");
      await server.kill();
      await sleep(1000 * random.uniform());
      await server.start();
    }
  }
  expect([await producer.ended, await rival.ended]).toEqual([0, 0]);
  expect(kills).toBeGreaterThanOrEqual(4);
  for (const { output } of [producer, rival])
    expect(output.stderr).toContain(`${count} results from the queue, 0 conflicts`);
  expect(producer.output.stderr).toContain("connected again");

  const here = startGradlab("grade", submissions, ...common, "--json");
  expect(await here.ended).toBe(0);
  const expected = essence(JSON.parse(here.output.stdout) as GradeReport);
  expect(expected).toHaveLength(count);
  expect(essence(reportIn(out))).toEqual(expected);
  expect(essence(JSON.parse(rival.output.stdout) as GradeReport)).toEqual(expected);
  expect(journalLines(out)).toBe(count);

  // The last one may have come when all was done.
  await until(() => alive().every(hasStarted), "all workers");
  for (const { child } of workers) child.kill("SIGTERM");
  const ends = await Promise.all(workers.map(({ ended }) => ended));
  expect(ends.filter((end) => end === "SIGKILL").length).toBe(kills);
  expect(ends.filter((end) => end === 0).length).toBe(workers.length - kills);
  const text = [producer, rival, ...workers].map(({ output }) => output.stdout + output.stderr).join("\n");
  expect(text).not.toContain("word");
}, 300_000);

/** Whatever waits just now a second time, under other names: BullMQ itself then has no way of telling that it is the same. */
async function duplicateJobs(): Promise<void> {
  await server.ask(async (connection) => {
    const queue = new Queue<unknown>(queueName, { connection, prefix: queuePrefix });
    let waiting: Awaited<ReturnType<typeof queue.getWaiting>> = [];
    await until(async () => (waiting = await queue.getWaiting()).length > 0, "jobs in the queue");
    await queue.addBulk(waiting.map(({ name, data }, i) => ({ name, data, opts: { jobId: `again-${i}` } })));
    await queue.close();
  });
}
