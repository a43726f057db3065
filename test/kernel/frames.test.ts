import { describe, expect, test } from "vitest";
import { encodeFrame, frameSplitter } from "../../src/kernel/frames.js";

describe("frames between front and session", () => {
  test("come out whole, wherever the stream is cut", () => {
    const values = [{ a: 1 }, { text: "é𝛻\n" }, "", { long: "x".repeat(1000) }];
    const bytes = Buffer.concat(values.map(encodeFrame));
    for (const size of [1, 3, 4, 5, 100, bytes.length]) {
      const seen: unknown[] = [];
      const splitter = frameSplitter((value) => seen.push(value));
      for (let i = 0; i < bytes.length; i += size) splitter.push(bytes.subarray(i, i + size));
      expect(seen).toEqual(values);
    }
  });
});
