import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { beforeAll, expect, test } from "vitest";
import { Course, exerciseNames, readManifest } from "../../src/course/course.js";
import { packageRoot } from "../../src/package.js";
import { execute, executed, folder, python, run, runGradlab } from "./debian-jupyter.js";

const course = new Course(packageRoot);
beforeAll(() => runGradlab("weave", "--course", packageRoot, "--solution", folder));

test.for(course.lessonNames)(
  "%s, solved, runs under nbconvert, every check passed, nothing on stderr",
  { timeout: 300_000 },
  (name) => {
    const { status, stderr } = execute(`${name}.ipynb`);
    expect(status, stderr).toBe(0);
    const outputs = executed().cells.flatMap((cell) => cell.outputs ?? []);
    const texts = outputs.map(({ data }) =>
      stripVTControlCharacters(
        [(data as Record<string, string[]> | undefined)?.["text/plain"] ?? ""].flat().join(""),
      ),
    );
    const exercises = exerciseNames(readManifest(course.files(name)));
    expect(texts.filter((text) => /^ {2}✓ [a-z0-9-]+ +\d/.test(text))).toHaveLength(exercises.length);
    expect(texts.filter((text) => text.startsWith("  ✗"))).toEqual([]);
    expect(outputs.filter(({ name }) => name === "stderr")).toEqual([]);
  },
);

test("lesson 03, solved, runs in jupyter console", () => {
  const script = fileURLToPath(new URL("console_lesson.py", import.meta.url));
  const notebook = join(folder, "03-chain-rule.ipynb");
  const { status, stdout, stderr } = run(python, [script, join(folder, "lesson.txt"), notebook]);
  expect(status, stderr).toBe(0);
  expect(stdout).toContain("8 checks");
});
