import { describe, expect, test } from "vitest";
import { StreamBuffer } from "../../src/kernel/stream-buffer.js";

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
