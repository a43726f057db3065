import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { Course, readManifest } from "../../src/course/course.js";
import { Reader } from "../../src/grader/reader.js";
import { packageRoot } from "../../src/package.js";

const fixtures = join(packageRoot, "test/fixtures");
const manifest = readManifest(new Course(join(fixtures, "redteam-course")).files("softmax"));
const cell = (source: string) => ({ source: `/** @exercise softmax */\n${source}`, origin: "cell 1" });
const sound = "export function softmax(x: number[]): number[] { return x; }";
/** Its last constant would be a terabyte. */
const doubling = readFileSync(join(fixtures, "redteam/own/x01-enum.ts"), "utf8");

const reader = new Reader();
afterAll(() => reader.close());

test("what ends the compiler is told, and what comes next is read", async () => {
  const readings = [sound, doubling, sound].map((source) => reader.assemble(manifest, [cell(source)]));
  const [first, second, third] = await Promise.allSettled(readings);
  expect(first).toMatchObject({
    status: "fulfilled",
    value: { exercises: new Map([["softmax", { state: "answered" }]]) },
  });
  expect(second).toMatchObject({
    status: "rejected",
    reason: { message: expect.stringMatching(/cannot be compiled/) as string },
  });
  expect(third.status).toBe("fulfilled");
});

test("code that ends the compiler when all of it is compiled throws when it is loaded", async () => {
  const { code } = await reader.compile(doubling);
  expect(code).toMatch(/^throw new SyntaxError\("the code cannot be compiled: it ended the compiler/);
  expect((await reader.compile(sound)).code).toMatch(/function softmax/);
});

/** The reader's processes. */
function processes(): number[] {
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => {
      try {
        const isOurs = new RegExp(`^PPid:\\s${process.pid}$`, "m").test(
          readFileSync(`/proc/${pid}/status`, "utf8"),
        );
        return isOurs && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("reader-process.js");
      } catch {
        return false;
      }
    });
}

test.runIf(existsSync("/proc"))(
  "a process that has ended meanwhile is no fault of what comes next",
  async () => {
    await reader.compile(sound);
    const [pid] = processes();
    process.kill(pid, "SIGKILL");
    await expect.poll(processes).toEqual([]);
    expect((await reader.compile(sound)).code).toMatch(/function softmax/);
  },
);
