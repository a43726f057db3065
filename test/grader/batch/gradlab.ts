import { spawn, type ChildProcess } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compiledFile } from "../../../src/package.js";
import type { GradeReport } from "../../../src/grader/results.js";
import { miniCourse } from "../../course/mini-course.js";

/** A command that runs, and what it has printed so far. */
export interface Running {
  child: ChildProcess;
  output: { stdout: string; stderr: string };
  /** The exit code, or the signal that ended it. */
  ended: Promise<number | NodeJS.Signals>;
}

/** Starts the command in a process of its own. */
export function startGradlab(...args: string[]): Running {
  const child = spawn(process.execPath, [compiledFile("cli/main.js"), ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (output.stderr += text));
  const ended = new Promise<number | NodeJS.Signals>((resolve) =>
    child.on("close", (code, signal) => resolve(code ?? signal!)),
  );
  return { child, output, ended };
}

/** Resolves when a condition holds; rejects when it does not within a minute. */
export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const end = performance.now() + 60_000;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`not within a minute: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A copy of the course with one lesson that a test may change. */
export function copyCourse(folder: string): string {
  const root = join(folder, "course");
  cpSync(miniCourse.root, root, { recursive: true });
  return root;
}

const rightSlope = "export const slope = (a, b) => (b.y - a.y) / (b.x - a.x);";
const answers: readonly ((i: number) => string)[] = [
  (i) =>
    `${rightSlope}\nexport const slopesFromOrigin = (p) => { if (!p.length) throw new Error("${i}"); return p.map(({ x, y }) => y / x); };`,
  (i) => `${rightSlope}\nexport const slopesFromOrigin = () => [${i}];`,
  (i) =>
    `export const slope = (a, b) => (b.x - a.x) / (b.y - a.y) + ${i};\nexport const slopesFromOrigin = () => ${i};`,
  (i) => `${rightSlope}\nexport const slopesFromOrigin = (p) => { process.exit(${i % 100}); };`,
];

/** A class of small submissions, right and wrong ones, no two of them alike. */
export function writeClass(folder: string, count: number): string {
  mkdirSync(folder, { recursive: true });
  for (let i = 0; i < count; i++)
    writeFileSync(
      join(folder, `student-${String(i).padStart(3, "0")}.ts`),
      answers[i % answers.length](i) + "\n",
    );
  return folder;
}

/** What of a report must not depend on when and where it was made. */
export function essence({ submissions }: GradeReport) {
  return submissions.map(({ student, score, maxScore, outcome, exercises }) => ({
    student,
    score,
    maxScore,
    outcome,
    exercises: exercises.map(({ name, score, outcome, tests }) => ({
      name,
      score,
      outcome,
      tests: tests.map(({ name, status }) => `${name}: ${status}`),
    })),
  }));
}
