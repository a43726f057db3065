import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { Journal } from "../../../src/grader/batch/journal.js";
import type { Verdict } from "../../../src/grader/judge.js";
import { compiledFile } from "../../../src/package.js";

const folder = mkdtempSync(join(tmpdir(), "gradlab-journal-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, "out", "journal.jsonl");
beforeEach(() => rmSync(join(folder, "out"), { recursive: true, force: true }));

const verdict = (score: number): Verdict => ({
  exercises: [{ name: "é ∂", points: 1, score, outcome: "graded", message: "\u2028", tests: [] }],
  durationMs: 1,
});

function write(entries: Record<string, number>): void {
  const journal = new Journal(file);
  for (const [key, score] of Object.entries(entries)) journal.append(key, verdict(score));
  journal.close();
}

function read(keys: readonly string[]): (number | undefined)[] {
  const journal = new Journal(file);
  const scores = keys.map((key) => journal.get(key)?.exercises[0].score);
  journal.close();
  return scores;
}

describe("what a journal holds", () => {
  test("is there again, and can be forgotten", () => {
    write({ a: 1, b: 0.1 + 0.2 });
    write({ c: 0 });
    expect(read(["a", "b", "c", "d"])).toEqual([1, 0.1 + 0.2, 0, undefined]);
    new Journal(file, { fresh: true }).close();
    expect(read(["a", "b", "c"])).toEqual([undefined, undefined, undefined]);
  });

  test("is whole lines only, wherever the last one was cut off, and goes on behind them", () => {
    write({ a: 1, b: 2 });
    const bytes = readFileSync(file);
    const second = bytes.indexOf("\n") + 1;
    for (let length = 0; length < bytes.length; length++) {
      writeFileSync(file, bytes.subarray(0, length));
      write({ c: 3 });
      expect(read(["a", "b", "c"])).toEqual([length < second ? undefined : 1, undefined, 3]);
    }
  });

  test("is no line that was damaged, whatever byte of it", () => {
    write({ a: 1, b: 2, c: 3 });
    const bytes = readFileSync(file);
    const [start, end] = [bytes.indexOf("\n") + 1, bytes.indexOf("\n", bytes.indexOf("\n") + 1)];
    for (let at = start; at < end; at++) {
      const damaged = Buffer.from(bytes);
      damaged[at] ^= 1;
      writeFileSync(file, damaged);
      const journal = new Journal(file);
      expect([journal.get("a"), journal.get("b"), journal.get("c")]).toEqual([
        verdict(1),
        undefined,
        verdict(3),
      ]);
      expect(journal.damagedLines).toBeGreaterThanOrEqual(1);
      journal.close();
    }
  });
});

/** A process that holds the journal until it is killed. */
async function holder() {
  const script = `const { Journal } = await import(process.argv[1]); new Journal(process.argv[2]); console.log("held"); setInterval(() => {}, 1000);`;
  const child = spawn(
    process.execPath,
    ["--input-type=module", "-e", script, compiledFile("grader/batch/journal.js"), file],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  await once(child.stdout, "data");
  return child;
}

describe("two processes", () => {
  test("do not write to one journal; one that was killed is no hindrance", async () => {
    const child = await holder();
    expect(() => new Journal(file)).toThrow(`process ${child.pid} is writing here`);
    child.kill("SIGKILL");
    await once(child, "close");
    expect(existsSync(`${file}.lock`)).toBe(true);
    expect(read(["a"])).toEqual([undefined]);
    expect(readdirSync(join(folder, "out"))).toEqual(["journal.jsonl"]);
  });

  test(
    "a process that has got the number of a dead one does not hold its lock",
    { skip: process.platform !== "linux" },
    () => {
      write({ a: 1 });
      const lock = (started: string) => JSON.stringify({ pid: process.pid, host: hostname(), started });
      writeFileSync(`${file}.lock`, lock("another-boot 1"));
      expect(read(["a"])).toEqual([1]);
    },
  );

  test("of another machine nobody knows whether it is alive", () => {
    write({ a: 1 });
    writeFileSync(`${file}.lock`, JSON.stringify({ pid: 1, host: "elsewhere", started: "" }));
    expect(() => new Journal(file)).toThrow(
      `on elsewhere is writing here: if it is gone, delete ${file}.lock`,
    );
  });

  test("of many that start at once where a dead one has left its lock, one gets it", async () => {
    const dead = await holder();
    dead.kill("SIGKILL");
    await once(dead, "close");
    const script = `const { Journal } = await import(process.argv[1]); try { new Journal(process.argv[2]); console.log("held"); } catch (error) { console.log(error.name); } process.stdin.resume();`;
    const children = Array.from({ length: 6 }, () =>
      spawn(
        process.execPath,
        ["--input-type=module", "-e", script, compiledFile("grader/batch/journal.js"), file],
        {
          stdio: ["pipe", "pipe", "inherit"],
        },
      ),
    );
    const said = await Promise.all(
      children.map(async ({ stdout }) => String((await once(stdout, "data"))[0]).trim()),
    );
    for (const child of children) child.stdin.end();
    expect(said.sort()).toEqual([...Array<string>(5).fill("UserError"), "held"]);
  });
});

test("a place that cannot be written to is told as such", () => {
  writeFileSync(join(folder, "file"), "");
  expect(() => new Journal(join(folder, "file", "journal.jsonl"))).toThrow("cannot be written");
});
