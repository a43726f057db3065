import { describe, expect, test } from "vitest";
import { History } from "../../src/kernel/history.js";

describe("History", () => {
  const history = new History();
  for (const [i, input] of ["a = 1", "b = 2", "a = 1", "c"].entries()) history.add(i + 1, input);
  history.setOutput(4, "3");
  const lines = (request: Parameters<History["reply"]>[0]) =>
    history.reply(request).history.map(([, line]) => line);

  test("tail gives the last n", () => {
    expect(lines({ hist_access_type: "tail", n: 2 })).toEqual([3, 4]);
    expect(lines({ hist_access_type: "tail", n: 0 })).toEqual([]);
  });

  test("range gives start up to, but not including, stop, of this session only", () => {
    expect(lines({ hist_access_type: "range", session: 0, start: 2, stop: 4 })).toEqual([2, 3]);
    expect(lines({ hist_access_type: "range", session: 0, start: 3 })).toEqual([3, 4]);
    expect(lines({ hist_access_type: "range", session: 7, start: 1 })).toEqual([]);
  });

  test("search matches a pattern of * and ? against the whole input, taken literally otherwise", () => {
    expect(lines({ hist_access_type: "search", pattern: "a*" })).toEqual([1, 3]);
    expect(lines({ hist_access_type: "search", pattern: "a*", unique: true })).toEqual([3]);
    expect(lines({ hist_access_type: "search", pattern: "? = [12]" })).toEqual([]);
    expect(lines({ hist_access_type: "search", pattern: "*= ?", n: 1 })).toEqual([3]);
  });

  test("output gives pairs", () => {
    const { history: entries } = history.reply({ hist_access_type: "tail", n: 2, output: true });
    expect(entries).toEqual([
      [0, 3, ["a = 1", null]],
      [0, 4, ["c", "3"]],
    ]);
  });
});
