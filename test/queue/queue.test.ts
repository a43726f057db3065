import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { ResultStore } from "../../src/grader/batch/result-store.js";
import type { GradeReport } from "../../src/grader/results.js";
import type { Verdict } from "../../src/grader/judge.js";
import { copyCourse, startGradlab, until, writeClass, type Running } from "../grader/batch/gradlab.js";
import { RedisServer } from "./redis-server.js";

const folder = mkdtempSync(join(tmpdir(), "gradlab-queue-"));
const course = copyCourse(folder);
const submissions = writeClass(join(folder, "class"), 3);

let server: RedisServer;
beforeAll(async () => (server = await RedisServer.start()));
afterAll(async () => {
  await server.remove();
  rmSync(folder, { recursive: true });
});
beforeEach(() => server.ask((redis) => redis.flushall()));

const running: Running[] = [];
afterEach(() => {
  vi.unstubAllEnvs();
  for (const { child } of running.splice(0)) child.kill("SIGKILL");
});
const start = (...args: string[]) => {
  const started = startGradlab(...args);
  running.push(started);
  return started;
};
const grade = (...more: string[]) =>
  start(
    "grade",
    submissions,
    "--course",
    course,
    "--lesson",
    "01-slope",
    "--sandbox",
    "off",
    "--queue",
    server.url,
    ...more,
  );
const work = (its = course, ...more: string[]) =>
  start("worker", "--queue", server.url, "--course", its, "--sandbox", "off", "--jobs", "1", ...more);
const keysOf = (pattern: string) => server.ask((redis) => redis.keys(pattern));
const jobKeys = () => keysOf(`gradlab:submissions:${"[0-9a-f]".repeat(64)}`);
const parse = (text: string) => JSON.parse(text) as GradeReport;

describe("results from the queue", () => {
  test("are the report, and nothing of the class stays in Redis", async () => {
    const worker = work();
    const run = grade("--json");
    expect(await run.ended).toBe(0);
    expect(parse(run.output.stdout).submissions.map(({ score }) => score)).toEqual([3, 2, 0]);
    await until(async () => (await jobKeys()).length === 0, "an empty queue");
    expect(await keysOf("gradlab:result:*")).toEqual([]);
    worker.child.kill("SIGTERM");
    expect(await worker.ended).toBe(0);
    expect(worker.output.stderr).toContain("graded 3");
  });

  test("whoever hands in: names and paths are not told", async () => {
    grade();
    await until(async () => (await jobKeys()).length === 3, "the jobs");
    const jobs = await server.ask(async (redis) =>
      Promise.all(
        (await redis.keys("gradlab:submissions:*")).map(async (key) =>
          (await redis.type(key)) === "hash" ? JSON.stringify(await redis.hgetall(key)) : "",
        ),
      ),
    );
    expect(jobs.join()).toContain("slopesFromOrigin");
    expect(jobs.join()).not.toMatch(/student-\d/);
  });

  test("and jobs are forgotten by Redis itself when nobody comes for them", async () => {
    const run = grade();
    await until(async () => (await jobKeys()).length === 3, "the jobs");
    await until(async () => (await lifetimes(await jobKeys())).every((seconds) => seconds > 0), "lifetimes");
    run.child.kill("SIGKILL");
    work();
    await until(async () => (await keysOf("gradlab:result:*")).length === 3, "the results");
    for (const seconds of await lifetimes(await keysOf("gradlab:result:*"))) {
      expect(seconds).toBeGreaterThan(80_000);
      expect(seconds).toBeLessThanOrEqual(86_400);
    }
  });

  test("that nobody has fetched are there for the next run, without any worker", async () => {
    const worker = work();
    const first = grade();
    await until(async () => (await keysOf("gradlab:result:*")).length > 0, "a result");
    first.child.kill("SIGKILL");
    await until(async () => (await jobKeys()).length === 0, "an empty queue");
    worker.child.kill("SIGTERM");
    await worker.ended;
    const done = (await keysOf("gradlab:result:*")).length;
    if (done < 3) return void work();
    const second = grade("--json");
    expect(await second.ended).toBe(0);
    expect(parse(second.output.stdout).submissions.map(({ score }) => score)).toEqual([3, 2, 0]);
  });
});

const lifetimes = (keys: readonly string[]) =>
  server.ask((redis) => Promise.all(keys.map((key) => redis.ttl(key))));

describe("a worker with other tests", () => {
  const otherCourse = () => {
    const other = join(mkdtempSync(join(folder, "other-")), "");
    const root = copyCourse(other);
    appendFileSync(join(root, "solutions/01-slope/hidden.test.ts"), "\n");
    return root;
  };

  test("grades nothing: it is an infrastructure failure that names both, no zero, and is tried again", async () => {
    work(otherCourse());
    const out = join(folder, "refused");
    const run = grade("--json", "--out", out);
    expect(await run.ended).toBe(1);
    for (const { outcome, exercises } of parse(run.output.stdout).submissions) {
      expect(outcome).toBe("infrastructure");
      expect(exercises[0].message).toMatch(
        /this worker's tests of 01-slope are [0-9a-f]{12}, the submission is to be graded by [0-9a-f]{12}/,
      );
    }
    expect(readFileSync(join(out, "journal.jsonl"), "utf8")).toBe("");
    work();
    const again = grade("--json", "--out", out);
    expect(await again.ended).toBe(0);
    expect(parse(again.output.stdout).submissions.map(({ score }) => score)).toEqual([3, 2, 0]);
  }, 120_000);

  test("leaves the work to one that has the right ones", async () => {
    const other = work(otherCourse());
    await until(() => other.output.stderr.includes("waiting for"), "the other worker");
    work();
    const run = grade("--json");
    expect(await run.ended).toBe(0);
    expect(parse(run.output.stdout).submissions.map(({ score }) => score)).toEqual([3, 2, 0]);
  }, 120_000);
});

describe("whoever hands in", () => {
  test("takes back at Ctrl-C what no worker has begun", async () => {
    const run = grade("--out", join(folder, "left"));
    await until(async () => (await jobKeys()).length === 3, "the jobs");
    run.child.kill("SIGINT");
    expect(await run.ended).toBe(130);
    expect(run.output.stderr).toContain("3 submissions were taken from the queue");
    expect(await jobKeys()).toEqual([]);
  });

  test("hears that there is no worker, and goes on waiting", async () => {
    const run = grade("--json");
    await until(() => run.output.stderr.includes("no worker is connected"), "the advice");
    work();
    expect(await run.ended).toBe(0);
  });
});

test("a worker that is told to stop finishes what it has begun", async () => {
  const worker = work();
  const run = grade("--json");
  await until(async () => (await keysOf("gradlab:submissions:*:lock")).length > 0, "work under way");
  worker.child.kill("SIGTERM");
  expect(await worker.ended).toBe(0);
  expect(await keysOf("gradlab:submissions:*:lock")).toEqual([]);
  const [, graded] = /graded (\d+)/.exec(worker.output.stderr) ?? [];
  expect(Number(graded)).toBeGreaterThan(0);
  work();
  expect(await run.ended).toBe(0);
});

test("a worker that is told to stop while Redis is away ends nevertheless", async () => {
  const own = await RedisServer.start();
  const worker = start("worker", "--queue", own.url, "--course", course, "--sandbox", "off");
  await until(() => worker.output.stderr.includes("waiting for submissions"), "the worker");
  await own.remove();
  worker.child.kill("SIGTERM");
  expect(await worker.ended).toBe(0);
});

describe("over TLS", () => {
  const both = (): [Running, Running] => {
    const options = [
      "--course",
      course,
      "--sandbox",
      "off",
      "--queue",
      `rediss://localhost:${server.tlsPort}`,
    ];
    return [
      start("worker", ...options),
      start("grade", submissions, "--lesson", "01-slope", "--json", ...options),
    ];
  };

  test("all is the same", async () => {
    vi.stubEnv("NODE_EXTRA_CA_CERTS", server.certificate);
    const [worker, run] = both();
    expect(await run.ended).toBe(0);
    expect(parse(run.output.stdout).submissions.map(({ score }) => score)).toEqual([3, 2, 0]);
    worker.child.kill("SIGTERM");
    expect(await worker.ended).toBe(0);
  });

  test("a server that nobody vouches for is refused", async () => {
    for (const { ended, output } of both()) {
      expect(await ended).toBe(1);
      expect(output.stderr).toContain("self-signed certificate");
      expect(output.stderr).toContain("NODE_EXTRA_CA_CERTS");
    }
  });
});

describe("the store of results", () => {
  const verdict = (score: number): Verdict => ({
    exercises: [{ name: "slope", points: 2, score, outcome: "graded", message: "", tests: [] }],
    durationMs: 1,
  });
  const withStore = async (test: (store: ResultStore, redis: Redis) => Promise<void>) => {
    const redis = new Redis(server.url);
    try {
      await test(new ResultStore(redis), redis);
    } finally {
      redis.disconnect();
    }
  };

  test("keeps the first result; the same score again is no conflict, another one is", () =>
    withStore(async (store) => {
      await store.setIfAbsent("a", verdict(2));
      await store.setIfAbsent("a", { ...verdict(2), durationMs: 9 });
      await store.setIfAbsent("b", verdict(2));
      await store.setIfAbsent("b", verdict(1));
      expect(await store.get(["a", "b", "c"])).toEqual(
        new Map([
          ["a", verdict(2)],
          ["b", verdict(2)],
        ]),
      );
      expect(await store.conflicts(["a", "b", "c"])).toEqual(["b"]);
      await store.remove(["a", "b", "c"]);
      expect(await keysOf("*")).toEqual([]);
    }));

  test("takes a damaged result for none", () =>
    withStore(async (store, redis) => {
      await store.setIfAbsent("a", verdict(0));
      await redis.set(
        "gradlab:result:a",
        (await redis.get("gradlab:result:a"))!.replace('"score":0', '"score":2'),
      );
      expect(await store.get(["a"])).toEqual(new Map());
      await store.setIfAbsent("a", verdict(0));
      expect(await store.get(["a"])).toEqual(new Map([["a", verdict(0)]]));
    }));
});

describe("a queue that is not there", () => {
  test.for([
    [["--queue", "redis://:secret@127.0.0.1:1"], "redis://127.0.0.1:1/0: connect ECONNREFUSED"],
    [["--queue", "http://:secret@127.0.0.1"], "expected a URL like redis://localhost:6379"],
    [["--queue", "redis://:secret%zz@127.0.0.1"], "write % in a password as %25"],
    [["--queue", "not a url secret"], "expected a URL like redis://localhost:6379"],
  ] as const)("%j", async ([args, message]) => {
    mkdirSync(join(folder, "empty"), { recursive: true });
    for (const command of [["grade", submissions], ["worker"]]) {
      const run = start(...command, "--course", course, ...args);
      expect(await run.ended).toBe(1);
      expect(run.output.stderr).toContain(message);
      expect(run.output.stderr + run.output.stdout).not.toContain("secret");
    }
  });

  test("or wants another password", async () => {
    const closed = await RedisServer.start({ password: "right" });
    try {
      for (const [user, message] of [
        [":wrong@", "WRONGPASS"],
        ["", "it asks for a password, which belongs into the URL"],
      ]) {
        const run = start("worker", "--course", course, "--queue", `redis://${user}127.0.0.1:${closed.port}`);
        expect(await run.ended).toBe(1);
        expect(run.output.stderr).toContain(message);
      }
    } finally {
      await closed.remove();
    }
  });
});
