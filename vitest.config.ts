import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

// unit      the package's own tests
// browser   the tests under test/browser, in headless Chromium
// lessons   every notebook, run from top to bottom in the kernel
// training  trainings that must succeed; slow
// jupyter   the kernel under Debian's Jupyter, which must be installed
// redteam   attacks on the grader, in every tier of isolation that the machine has
// queue     grading by several machines, and what may happen to them; needs Debian's redis-server
// python    weights exchanged with Python, which needs numpy
// solutions every lesson's public and hidden tests, against the reference solution
// exercises the public tests, against what a student wrote in exercises/
export default defineConfig({
  test: {
    maxWorkers: "100%",
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/fixtures/**", "test/{browser,jupyter,lessons,python,queue,redteam,training}/**"],
          testTimeout: 30_000,
        },
      },
      { test: { name: "browser", include: ["test/browser/*.test.ts"], testTimeout: 60_000 } },
      {
        test: {
          name: "lessons",
          include: ["test/lessons/*.test.ts"],
          testTimeout: 300_000,
          // Each test runs a notebook in a process of its own.
          sequence: { concurrent: true },
          maxConcurrency: availableParallelism(),
        },
      },
      { test: { name: "training", include: ["test/training/*.test.ts"] } },
      { test: { name: "redteam", include: ["test/redteam/*.test.ts"] } },
      { test: { name: "queue", include: ["test/queue/*.test.ts"], testTimeout: 60_000 } },
      { test: { name: "python", include: ["test/python/*.test.ts"] } },
      {
        test: {
          name: "jupyter",
          include: ["test/jupyter/*.test.ts"],
          testTimeout: 120_000,
          // Results have the colours that people see, also where the tests themselves are to print none.
          env: { NO_COLOR: "" },
        },
      },
      {
        test: {
          name: "solutions",
          include: ["exercises/*/*.test.ts", "solutions/*/hidden.test.ts"],
          env: { GRADLAB_TARGET: "solution" },
        },
      },
      { test: { name: "exercises", include: ["exercises/*/*.test.ts"] } },
    ],
  },
});
