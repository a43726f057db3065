import { describe, expect } from "vitest";
import type { ExecuteReply } from "../../src/kernel/messages.js";
import { test, textOf } from "./start-kernel.js";

const bundle = (text: string) => ({ status: "ok", data: { "text/plain": text }, metadata: {} });

describe("user_expressions", () => {
  test("are evaluated after the cell, errors each by themselves", async ({ kernel }) => {
    const { reply, outputs } = await kernel.execute("const base = 40;", {
      user_expressions: {
        sum: "base + 2",
        nothing: "undefined",
        object: "{ base }",
        awaited: "await Promise.resolve('later')",
        commented: "base // the base",
        wrong: "base.toUpperCase()",
        thrown: "(() => { throw new RangeError('no') })()",
        statements: "1; 2",
        number: 7,
      },
    });
    expect(reply).toMatchObject({
      status: "ok",
      user_expressions: {
        sum: bundle("42"),
        nothing: bundle("undefined"),
        object: bundle("{ base: 40 }"),
        awaited: bundle("'later'"),
        commented: bundle("40"),
        wrong: {
          status: "error",
          ename: "TypeScriptError",
          evalue: expect.stringMatching(/toUpperCase/) as string,
        },
        thrown: { status: "error", ename: "RangeError", evalue: "no" },
        statements: { status: "error", ename: "TypeScriptError" },
        number: bundle("7"),
      },
    });
    expect(outputs).toEqual([]);
  });

  test("of a silent cell, too; of a failed one not", async ({ kernel }) => {
    const options = { user_expressions: { one: "1" } };
    const silent = await kernel.execute("0", { ...options, silent: true });
    expect(silent.reply).toMatchObject({ user_expressions: { one: bundle("1") } });
    const failed = await kernel.execute("throw new Error('x')", options);
    expect(failed.reply).not.toHaveProperty("user_expressions");
  });
});

test("a cell that ends with ? opens the pager", async ({ kernel }) => {
  await kernel.execute("/** Twice as much. */\nfunction double(x: number) { return 2 * x; }");
  for (const code of ["double?", "?double", " double()?? ", "Math.max?"]) {
    const { reply, outputs } = await kernel.execute(code);
    const [page] = (reply as Extract<ExecuteReply, { status: "ok" }>).payload;
    expect(page).toMatchObject({ source: "page", start: 0 });
    expect(page.data["text/plain"]).toMatch(
      code.includes("Math") ? /max\(/ : /double\(x: number\)[^]*Twice as much/,
    );
    expect(outputs).toEqual([]);
  }
  const { reply, outputs } = await kernel.execute("unheardOf?");
  expect(reply).toMatchObject({ status: "ok", payload: [] });
  expect(textOf({ reply, outputs })).toBe("Nothing is known of unheardOf.\n");
});

test("clear_output and displays that are updated", async ({ kernel }) => {
  const { outputs } = await kernel.execute(
    "import { clearOutput } from 'gradlab';\nimport * as tslab from 'tslab';\nconsole.log(1); clearOutput({ wait: true }); const shown = tslab.newDisplay(); shown.text('a'); clearOutput(); shown.text('b');",
  );
  expect(outputs.map(({ type, content }) => [type, content.wait ?? content.text ?? content.data])).toEqual([
    ["stream", "1\n"],
    ["clear_output", true],
    ["display_data", { "text/plain": "a" }],
    ["clear_output", false],
    ["update_display_data", { "text/plain": "b" }],
  ]);
});

describe("bytes", () => {
  test.for([
    [
      "a character in pieces",
      "for (const byte of Buffer.from('𝛻')) process.stdout.write(Uint8Array.of(byte));",
      "𝛻",
    ],
    ["no UTF-8", "process.stdout.write(Buffer.from([0x61, 0xff, 0xfe, 0x62]));", "a\ufffd\ufffdb"],
    [
      "an unfinished character at the end of the cell",
      "process.stdout.write(Buffer.from([0x61, 0xe2, 0x88]));",
      "a\ufffd",
    ],
    ["NUL and control characters", "process.stdout.write('a\\0\\x07\\x1b[31mb');", "a\0\x07\x1b[31mb"],
    ["hexadecimal", "process.stdout.write('f09d9bbb', 'hex');", "𝛻"],
    ["half a surrogate pair", "console.log('a\\ud835b');", "a\ufffdb\n"],
    ["a backslash that looks like one", "console.log('\\\\ud835');", "\\ud835\n"],
    [
      "a stream that is piped",
      "await require('node:stream/promises').pipeline(require('node:stream').Readable.from([Buffer.from('pi'), 'ped']), process.stdout, { end: false });",
      "piped",
    ],
    [
      "a child's",
      "require('node:child_process').execSync(`printf 'c\\\\377d'`, { stdio: 'inherit' });",
      "c\ufffdd",
    ],
  ] as const)("%s", async ([, code, text], { kernel }) => {
    const result = await kernel.execute(`${code} undefined`);
    expect(result.reply.status).toBe("ok");
    expect(textOf(result)).toBe(text);
    // Nothing is left over for the next cell.
    expect(textOf(await kernel.execute("process.stdout.write('next'); undefined"))).toBe("next");
  });

  test("what write does not take is an error of the cell", async ({ kernel }) => {
    const { reply } = await kernel.execute("process.stdout.write(42 as never)");
    expect(reply).toMatchObject({ status: "error", ename: "TypeError" });
  });
});

test("timers and promises print below the cell that started them", async ({ kernel }) => {
  const first = await kernel.execute(
    "let tick = 0; const timer = setInterval(() => { console.log('tick'); if (++tick === 3) clearInterval(timer); }, 15); void (async () => { await new Promise((r) => setTimeout(r, 20)); console.log('async'); })(); 0",
  );
  const second = await kernel.execute(
    "while (tick < 3) await new Promise((r) => setTimeout(r, 5)); console.log('second');",
  );
  expect(textOf(second)).toBe("second\n");
  expect(textOf(first).match(/tick/g)).toHaveLength(3);
  expect(textOf(first)).toContain("async");
});
