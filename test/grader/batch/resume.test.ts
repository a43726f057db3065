import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { childrenOf } from "../../../src/grader/batch/child-processes.js";
import type { GradeReport } from "../../../src/grader/results.js";
import { Generator } from "../../../src/index.js";
import { copyCourse, essence, startGradlab, until, writeClass } from "./gradlab.js";

const folder = mkdtempSync(join(tmpdir(), "gradlab-resume-"));
afterAll(() => rmSync(folder, { recursive: true }));

const course = copyCourse(folder);
const size = 14;
const submissions = writeClass(join(folder, "class"), size);
const grade = (out: string, ...more: string[]) =>
  startGradlab(
    "grade",
    submissions,
    "--course",
    course,
    "--lesson",
    "01-slope",
    "--out",
    out,
    "--jobs",
    "2",
    ...more,
  );
const journalOf = (out: string) => join(out, "journal.jsonl");
const reportIn = (out: string) => JSON.parse(readFileSync(join(out, "results.json"), "utf8")) as GradeReport;

/** Whole lines of a journal; none if there is no journal yet. */
function lines(out: string): string[] {
  return existsSync(journalOf(out)) ? readFileSync(journalOf(out), "utf8").split("\n").slice(0, -1) : [];
}
const keys = (out: string) =>
  lines(out).map((line) => (JSON.parse(line) as { value: { key: string } }).value.key);

const undisturbed = join(folder, "undisturbed");
beforeAll(async () => {
  expect(await grade(undisturbed).ended).toBe(0);
}, 120_000);

test("every submission of the class is different, and its result is in the journal once", () => {
  expect(reportIn(undisturbed).submissions).toHaveLength(size);
  expect(new Set(keys(undisturbed)).size).toBe(size);
  expect(keys(undisturbed)).toHaveLength(size);
});

test("a run that is killed again and again ends with the same results, and grades nothing twice", async () => {
  const out = join(folder, "killed");
  const random = new Generator(7);
  let kills = 0;
  for (let rounds = 0; ; rounds++) {
    expect(rounds).toBeLessThan(size);
    const before = keys(out);
    const { child, ended } = grade(out);
    let isOver = false;
    void ended.then(() => (isOver = true));
    // At first before anything is done, then somewhere after the next result.
    if (rounds > 0) await until(() => isOver || lines(out).length > before.length, "another result");
    await sleep(300 * random.uniform());
    child.kill("SIGKILL");
    const end = await ended;
    expect(keys(out).slice(0, before.length)).toEqual(before);
    if (end === 0) break;
    expect(end).toBe("SIGKILL");
    kills++;
  }
  expect(kills).toBeGreaterThanOrEqual(3);
  expect(new Set(keys(out)).size).toBe(size);
  expect(keys(out)).toHaveLength(size);
  expect(essence(reportIn(out))).toEqual(essence(reportIn(undisturbed)));
}, 300_000);

describe("a second run", () => {
  test("grades nothing that has not changed: not for another name, only what has other code", async () => {
    const before = lines(undisturbed).length;
    renameSync(join(submissions, "student-000.ts"), join(submissions, "renamed.ts"));
    const again = grade(undisturbed);
    expect(await again.ended).toBe(0);
    expect(again.output.stderr).toContain(`${size} of ${size} have a result`);
    expect(lines(undisturbed)).toHaveLength(before);
    writeFileSync(join(submissions, "renamed.ts"), "export const slope = () => 7;\n");
    const changed = grade(undisturbed);
    expect(await changed.ended).toBe(0);
    expect(changed.output.stderr).toContain(`${size - 1} of ${size} have a result`);
    expect(lines(undisturbed)).toHaveLength(before + 1);
  }, 120_000);

  test("in a folder in which another one writes is refused", async () => {
    const out = join(folder, "shared");
    const first = grade(out);
    await until(() => existsSync(`${journalOf(out)}.lock`), "the lock");
    const second = grade(out);
    expect(await second.ended).toBe(1);
    expect(second.output.stderr).toContain(`process ${first.child.pid} is writing here`);
    expect(await first.ended).toBe(0);
  }, 120_000);
});

test("Ctrl-C ends it at once, with the journal whole and no process left, and says how to go on", async () => {
  const out = join(folder, "interrupted");
  const loops = writeClass(join(folder, "loops"), 1);
  writeFileSync(join(loops, "loop.ts"), "export const slope = () => { for (;;); };\n");
  const run = startGradlab(
    "grade",
    loops,
    "--course",
    course,
    "--lesson",
    "01-slope",
    "--out",
    out,
    "--sandbox",
    "off",
    "--jobs",
    "2",
  );
  await until(() => lines(out).length === 1, "the result of the one that does not loop");
  const hosts = childrenOf(run.child.pid!);
  if (process.platform === "linux") expect(hosts).not.toEqual([]);
  run.child.kill("SIGINT");
  expect(await run.ended).toBe(130);
  expect(run.output.stderr).toContain(
    `what is graded is in ${journalOf(out)}: run the same command again to go on`,
  );
  expect(run.output.stdout).toBe("");
  expect(lines(out)).toHaveLength(1);
  expect(existsSync(`${journalOf(out)}.lock`)).toBe(false);
  await until(() => !hosts.some(isRunning), "the end of its processes");
}, 60_000);

function isRunning(pid: number): boolean {
  const stat = `/proc/${pid}/stat`;
  return existsSync(stat) && !/\) Z /.test(readFileSync(stat, "utf8"));
}
