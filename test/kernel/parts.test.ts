import { describe, expect, test } from "vitest";
import { encodeFrame, FrameSplitter } from "../../src/kernel/frames.js";
import { History } from "../../src/kernel/history.js";
import { StreamBuffer } from "../../src/kernel/stream-buffer.js";
import { codePoints, utf16Offset } from "../../src/kernel/unicode-offsets.js";

describe("frames between front and session", () => {
  test("come out whole, wherever the stream is cut", () => {
    const values = [{ a: 1 }, { text: "é𝛻\n" }, "", { long: "x".repeat(1000) }];
    const bytes = Buffer.concat(values.map(encodeFrame));
    for (const size of [1, 3, 4, 5, 100, bytes.length]) {
      const seen: unknown[] = [];
      const splitter = new FrameSplitter((value) => seen.push(value));
      for (let i = 0; i < bytes.length; i += size) splitter.push(bytes.subarray(i, i + size));
      expect(seen).toEqual(values);
    }
  });
});

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

describe("StreamBuffer", () => {
  test("joins writes of one cell to one stream, and keeps the order of all", () => {
    const published: string[] = [];
    const buffer = new StreamBuffer<string>((cell, name, text) => published.push(`${cell} ${name} ${text}`));
    buffer.write("c1", "stdout", "a");
    buffer.write("c1", "stdout", "b");
    buffer.write("c1", "stderr", "c");
    buffer.write("c2", "stderr", "d");
    buffer.flush();
    buffer.flush();
    expect(published).toEqual(["c1 stdout ab", "c1 stderr c", "c2 stderr d"]);
  });

  test("does not let text wait for long", async () => {
    const text = await new Promise((resolve) => {
      new StreamBuffer<string>((_cell, _name, text) => resolve(text)).write("c", "stdout", "later");
    });
    expect(text).toBe("later");
  });

  test("publishes much text at once", () => {
    let length = 0;
    new StreamBuffer<string>((_cell, _name, text) => (length += text.length)).write(
      "c",
      "stdout",
      "x".repeat(1e6),
    );
    expect(length).toBe(1e6);
  });
});

test("Jupyter counts code points, JavaScript UTF-16 units", () => {
  const text = "𝛻é.x";
  expect(utf16Offset(text, 1)).toBe(2);
  expect(utf16Offset(text, 4)).toBe(5);
  for (const points of [0, 1, 2, 3, 4]) expect(codePoints(text, utf16Offset(text, points))).toBe(points);
});
