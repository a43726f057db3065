import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Course } from "../../src/course/course.js";
import { grade } from "../../src/grader/grade.js";
import { chooseIsolation, processTier } from "../../src/grader/isolation.js";
import type { Outcome } from "../../src/grader/outcomes.js";
import type { SubmissionResult, Tier } from "../../src/grader/results.js";
import { packageRoot } from "../../src/package.js";
import { Canaries, secret } from "./canaries.js";

/** An attack, or a submission that must not be taken for one, and what a grader must make of it. */
interface Attack {
  id: string;
  file: string;
  expected: { outcome: Expected | Expected[]; min?: number; max: number };
}
type Expected = Outcome | "score" | "any-nonpass";

const fixtures = join(packageRoot, "test/fixtures");
const course = new Course(join(fixtures, "redteam-course"));
const attacks = ["manifest.json", "own/manifest.json"].flatMap(
  (file) =>
    (JSON.parse(readFileSync(join(fixtures, "redteam", file), "utf8")) as { submissions: Attack[] })
      .submissions,
);
const control = readFileSync(join(fixtures, "redteam/c01-correct.ts"), "utf8");
/** What only the instructors' files say. */
const markers = [secret, "reference-answer-marker", "hidden-test-marker"];

const tiers = [...new Set<Tier>([processTier, chooseIsolation().tier])];

describe.for(tiers)("in the tier %s", (tier) => {
  const canaries = new Canaries();
  const folder = mkdtempSync(join(tmpdir(), "gradlab-redteam-"));
  const results = new Map<string, SubmissionResult>();
  /** How the correct submission fared right after each attack. */
  const controls = new Map<string, SubmissionResult>();

  beforeAll(async () => {
    await canaries.plant();
    // Equal submissions are graded once, and of one student's the latest: each control is another, of another student.
    const files = attacks.flatMap(({ id, file }, i) => {
      const write = (name: string, text: string) => {
        const path = join(folder, `${String(i).padStart(3, "0")}${name}.ts`);
        writeFileSync(path, text);
        return path;
      };
      const attack = readFileSync(join(fixtures, "redteam", file), "utf8");
      return [write("a", attack), write("b", `${control}\n// after ${id}\n`)];
    });
    const { submissions } = await grade(course, files, { lesson: "softmax", workers: 2, tier });
    expect(submissions).toHaveLength(files.length);
    attacks.forEach(({ id }, i) => {
      results.set(id, submissions[2 * i]);
      controls.set(id, submissions[2 * i + 1]);
    });
  }, 600_000);
  afterAll(() => {
    rmSync(folder, { recursive: true });
    canaries.remove();
  });

  test.for(attacks)("$id", ({ id, expected }) => {
    const { score, maxScore, outcome } = results.get(id)!;
    // What cannot be read has no points to get.
    const share = maxScore === 0 ? 0 : score / maxScore;
    expect(share).toBeLessThanOrEqual(expected.max);
    expect(share).toBeGreaterThanOrEqual(expected.min ?? 0);
    const allowed = [expected.outcome].flat();
    if (!allowed.includes("any-nonpass"))
      expect(allowed.map((name) => (name === "score" ? "graded" : name))).toContain(outcome);
    expect(outcome).not.toBe("infrastructure");
  });

  test("a correct submission graded after each attack has full marks", () => {
    const others = [...controls].filter(([, { score, outcome }]) => score !== 1 || outcome !== "graded");
    expect(others).toEqual([]);
  });

  test("nothing that is secret is in a report", () => {
    const report = JSON.stringify([...results.values()]);
    expect(markers.filter((marker) => report.includes(marker))).toEqual([]);
  });

  test("no result is long, whatever a submission says", () => {
    const long = [...results].filter(([, result]) => JSON.stringify(result).length > 100_000);
    expect(long.map(([id]) => id)).toEqual([]);
  });

  test("nothing has been written, and nothing runs on", () => {
    expect(canaries.touched()).toEqual([]);
  });

  test("nobody has reached the network", () => {
    expect(canaries.networkUse).toEqual([]);
  });
});
