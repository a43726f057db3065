import { afterEach, expect, test, vi } from "vitest";
import { LocalRunner } from "../../../src/grader/batch/local-runner.js";
import type { Item } from "../../../src/grader/batch/runner.js";
import { Judge } from "../../../src/grader/judge.js";

afterEach(() => vi.restoreAllMocks());

test.for([
  [1000, 3, 3],
  [2, 3, 2],
] as const)(
  "%i threads asked for and %i submissions: %i threads",
  async ([workers, submissions, threads]) => {
    const judge = {
      test: () => Promise.resolve({ exercises: [], durationMs: 0 }),
      close: () => Promise.resolve(),
    };
    const start = vi.spyOn(Judge, "start").mockResolvedValue(judge as unknown as Judge);
    const runner = new LocalRunner("course", { workers });
    await runner.run(
      Array.from({ length: submissions }, (_, i) => ({ key: `${i}` }) as Item),
      () => {},
    );
    await runner.close();
    expect(start.mock.calls).toEqual([["course", { workers: threads }]]);
  },
);
