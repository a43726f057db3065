import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect } from "vitest";
import type { ExecuteResult } from "../../src/kernel/client.js";
import { startKernel, temporaryFolder, test, textOf } from "./start-kernel.js";

interface CellError {
  ename: string;
  evalue: string;
  traceback: string[];
}

/** The error of a failed cell, which reply and output must tell alike. */
function errorOf({ reply, outputs }: ExecuteResult): CellError {
  expect(reply.status).toBe("error");
  const { ename, evalue, traceback } = reply as CellError;
  expect(outputs.filter(({ type }) => type === "error")).toEqual([
    { type: "error", content: { ename, evalue, traceback } },
  ]);
  return { ename, evalue, traceback };
}

describe("TypeScript cells", () => {
  test("const, class and function may be declared again", async ({ kernel }) => {
    for (const value of [1, 2]) {
      const code = `const again = ${value}; class Again { x = ${value} } function f() { return ${value} } [again, new Again().x, f()]`;
      expect(textOf(await kernel.execute(code))).toBe(`[ ${value}, ${value}, ${value} ]`);
    }
  });

  test("properties are renamed where a value of an earlier cell is taken apart", async ({ kernel }) => {
    await kernel.execute(
      "const key = 'y'; const point = { x: 1, y: 2 }; const pointAt = (x: number) => ({ x, y: point.y });",
    );
    for (const [code, text] of [
      ["const { x: left } = pointAt(3); left", "3"],
      ["(() => { const { x: left, y: top } = pointAt(4); return [left, top]; })()", "[ 4, 2 ]"],
      ["(({ y: top }: typeof point) => top)(point)", "2"],
      ["let right = 0; ({ x: right } = point); right", "1"],
      ["const { [key]: computed } = point; computed", "2"],
      ["const { x: shifted = point.y } = point; [shifted]", "[ 1 ]"],
    ] as const) {
      const result = await kernel.execute(code);
      expect([code, textOf(result)]).toEqual([code, text]);
    }
  });

  test("the shorthand of an earlier cell's variable holds its value", async ({ kernel }) => {
    await kernel.execute("let height = 3; const width = 4; const both = (o: object) => o;");
    for (const [code, text] of [
      ["both({ width, height })", "{ width: 4, height: 3 }"],
      ["(() => { const width = 5; return { width, height }; })()", "{ width: 5, height: 3 }"],
      ["({ height } = { height: 7 }); both({ height })", "{ height: 7 }"],
      ["({ height = width + 1 } = {} as { height?: number }); height", "5"],
      ["const nested = { outer: { width } }; nested", "{ outer: { width: 4 } }"],
      ["const depth = 6; both({ depth, width })", "{ depth: 6, width: 4 }"],
    ] as const) {
      const result = await kernel.execute(code);
      expect([code, textOf(result)]).toEqual([code, text]);
    }
  });

  test("top-level await, and values of awaited cells", async ({ kernel }) => {
    expect(
      textOf(
        await kernel.execute("const waited = await new Promise<number>((r) => setTimeout(r, 10, 7)); waited"),
      ),
    ).toBe("7");
    expect(textOf(await kernel.execute("await Promise.resolve(waited + 1)"))).toBe("8");
  });

  test("only the last expression is a result; undefined is none, null, 0 and false are", async ({
    kernel,
  }) => {
    for (const [code, text] of [
      ["1; 2", "2"],
      ["undefined", ""],
      ["null", "null"],
      ["0", "0"],
      ["false", "false"],
      ["''", "''"],
    ] as const) {
      const result = await kernel.execute(code);
      expect([code, textOf(result)]).toEqual([code, text]);
    }
  });

  test("every kind of declaration may be made again, by another kind, too", async ({ kernel }) => {
    const first =
      "let a = 1; const { p, q: [r] } = { p: 1, q: [2] }; enum E { A } type T = string; interface I { x: 1 } namespace N { export const n = 1 }";
    const second =
      "class a { v = 5 } const { p, ...rest } = { p: 3, r: 4 }; enum E { B = 'b' } type T = number; interface I { y: 2 } namespace N { export const m = 2 }";
    for (const code of [first, second, first, second])
      expect(await kernel.execute(code)).toMatchObject({ reply: { status: "ok" }, outputs: [] });
    const used = "const t: T = 6; const i: I = { y: 2 }; [new a().v, p, r, rest, E.B, N.m, t, i]";
    expect(textOf(await kernel.execute(used))).toBe("[ 5, 3, 2, { r: 4 }, 'b', 2, 6, { y: 2 } ]");
    await kernel.execute("import { readFileSync as a, existsSync as p } from 'node:fs';");
    expect(textOf(await kernel.execute("[typeof a, typeof p]"))).toBe("[ 'function', 'function' ]");
    expect(textOf(await kernel.execute("const a = 'again'; a"))).toBe("'again'");
  });

  test("await in nested expressions, in `for await`, with a dynamic import", async ({ kernel }) => {
    for (const [code, text] of [
      ["for await (const x of [Promise.resolve(1), 2]) console.log(x);", "1\n2\n"],
      ["({ v: [await 1, `${await 2}`, await (async () => 3)()] })", "{ v: [ 1, '2', 3 ] }"],
      ["const { join: joined } = await import('node:path'); joined('a', 'b')", "'a/b'"],
      ["if (await true) console.log('yes'); else console.log('no');", "yes\n"],
      ["const { w = await 4 } = {} as { w?: number }; w", "4"],
      ["const nobodyWaits = async () => { for await (const x of [1]) return x; }; 5", "5"],
    ] as const) {
      const result = await kernel.execute(code);
      expect([code, textOf(result)]).toEqual([code, text]);
    }
  });

  test("what was exported in a module may be pasted as it is", async ({ kernel }) => {
    const code =
      "export const exported = 1;\nexport default function named() { return exported; }\nexport { exported as other };\nexport interface Shown { x: number }";
    expect(await kernel.execute(code)).toMatchObject({ reply: { status: "ok" }, outputs: [] });
    expect(textOf(await kernel.execute("const shown: Shown = { x: named() }; shown"))).toBe("{ x: 1 }");
    expect(textOf(await kernel.execute("export default exported + 1"))).toBe("2");
  });

  test("a type error stops the cell before anything runs", async ({ kernel }) => {
    const result = await kernel.execute("console.log('ran');\n\tconst n: number = 'text';\nn.foo();");
    expect(result.outputs.map(({ type }) => type)).toEqual(["error"]);
    const error = errorOf(result);
    expect(error.ename).toBe("TypeScriptError");
    expect(error.evalue).toBe("2:8 - Type 'string' is not assignable to type 'number'.");
    const text = error.traceback.join("\n");
    expect(text).toMatch(
      /^Cell \[\d+\], line 2: Type 'string' is not assignable to type 'number'\. ts\(2322\)$/m,
    );
    expect(text).toContain("> 2 | \tconst n: number = 'text';\n    | \t      ^");
    expect(text).toMatch(
      /^Cell \[\d+\], line 3: Property 'foo' does not exist on type 'number'\. ts\(2339\)$/m,
    );
  });

  test("type errors give their reasons; of many, the first are told", async ({ kernel }) => {
    const code = "let callback: (a: { x: number }) => void;\ncallback = (a: { x: string }) => {};";
    const text = errorOf(await kernel.execute(code)).traceback.join("\n");
    expect(text).toContain("\n      Types of property 'x' are incompatible.\n");
    expect(text).toContain("> 2 | callback = (a: { x: string }) => {};\n    | ^^^^^^^^\n".trimEnd());
    const many = errorOf(await kernel.execute(Array.from({ length: 13 }, (_, i) => `none${i};`).join("\n")));
    expect(many.traceback.filter((line) => line.includes("Cannot find name"))).toHaveLength(10);
    expect(many.traceback.at(-1)).toBe("… and 3 more");
  });

  test("what only V8 refuses is shown in the cell", async ({ kernel }) => {
    const error = errorOf(await kernel.execute("const before: number = 1;\nconst pattern = /(/;"));
    expect(error.ename).toBe("SyntaxError");
    expect(error.traceback[0]).toBe("SyntaxError: Invalid regular expression: /(/: Unterminated group");
    expect(error.traceback.join("\n")).toMatch(/> 2 \| const pattern = \/\(\/;/);
    expect(error.traceback.join("\n")).not.toMatch(/node:|tslab/);
  });

  test("a syntax error, too", async ({ kernel }) => {
    const error = errorOf(await kernel.execute("console.log('ran')\nconst = 3;"));
    expect(error.ename).toBe("TypeScriptError");
    expect(error.evalue).toMatch(/^2:7 - /);
  });
});

describe("errors of running cells", () => {
  test("name the cell and its own lines, through comments, types and blank lines that emit drops", async ({
    kernel,
  }) => {
    const defined = await kernel.execute(
      "// a comment\n\ninterface P {\n  x: number;\n}\n\nfunction failing(p: P): never {\n  // another\n\n  throw new TypeError(`x is ${p.x}`);\n}",
    );
    const first = (defined.reply as { execution_count: number }).execution_count;
    const error = errorOf(
      await kernel.execute("type T = string;\n\nconst list = [1];\n\nlist.map((x) => failing({ x }));"),
    );
    expect(error).toMatchObject({ ename: "TypeError", evalue: "x is 1" });
    const text = error.traceback.join("\n");
    const frames = [...text.matchAll(/at (.*)/g)].map(([, frame]) => frame);
    expect(frames).toEqual([
      `failing (Cell [${first}], line 10)`,
      `Cell [${first + 1}], line 5`,
      "Array.map (<anonymous>)",
      `Cell [${first + 1}], line 5`,
    ]);
    expect(text).toContain("> 10 |   throw new TypeError(`x is ${p.x}`);\n     |         ^");
    expect(text.startsWith("TypeError: x is 1\n")).toBe(true);
  });

  test("the same lines stand in a stack that the cell prints itself", async ({ kernel }) => {
    const result = await kernel.execute(
      "\n\ntry {\n  null!.x;\n} catch (error) {\n  console.log((error as Error).stack);\n}",
    );
    expect(textOf(result)).toBe("");
    const printed = await kernel.execute(
      "\n\ntry {\n  (null as any).x;\n} catch (error) {\n  console.log((error as Error).stack);\n}",
    );
    expect(textOf(printed)).toMatch(
      /^TypeError: Cannot read properties of null \(reading 'x'\)\n    at Cell \[\d+\], line 4\n$/,
    );
  });

  test("after an await, in a timer, in a rejected promise", async ({ kernel }) => {
    const awaited = errorOf(await kernel.execute("await null;\n\nthrow new Error('late');"));
    expect(awaited.traceback[1]).toMatch(/at Cell \[\d+\], line 3$/);
    const stray = await kernel.execute(
      "setTimeout(() => {\n  throw new Error('timer');\n});\nvoid Promise.reject(new Error('promise'));\nawait new Promise((r) => setTimeout(r, 20));",
    );
    expect(stray.reply.status).toBe("ok");
    expect(textOf(stray)).toMatch(/Uncaught Error: promise\n    at Cell \[\d+\], line 4\n/);
    expect(textOf(stray)).toMatch(/Uncaught Error: timer\n    at .*Cell \[\d+\], line 2\)?\n/);
  });

  test("nothing of Node, tslab or the kernel stands between the lines of a cell", async ({ kernel }) => {
    const define =
      "const inner = async () => {\n  await null;\n  throw new Error('deep');\n};\nconst outer = async () => {\n  await inner();\n};";
    await kernel.execute(define);
    const error = errorOf(await kernel.execute("await outer();"));
    const frames = error.traceback.filter((line) => line.startsWith("    at "));
    expect(frames.map((frame) => frame.replace(/\[\d+\]/, "[n]"))).toEqual([
      "    at inner (Cell [n], line 3)",
      "    at async outer (Cell [n], line 6)",
      "    at async Cell [n], line 1",
    ]);
  });

  test("causes and other properties are shown", async ({ kernel }) => {
    const error = errorOf(
      await kernel.execute(
        "throw Object.assign(new Error('top', { cause: new Error('below') }), { code: 42 });",
      ),
    );
    expect(error.traceback.join("\n")).toMatch(/cause.*Error: below/);
    expect(error.traceback.join("\n")).toMatch(/code: 42/);
  });

  test.for([
    ["throw undefined", "undefined"],
    ["throw null", "null"],
    ["throw 0", "0"],
    ["throw ''", ""],
    ["throw 'text'", "text"],
    ["throw { a: 1 }", "{ a: 1 }"],
    ["throw '%s%d:%d - %s'", "%s%d:%d - %s"],
  ] as const)("%s is an error", async ([code, evalue], { kernel }) => {
    expect(errorOf(await kernel.execute(code))).toMatchObject({ ename: "Thrown", evalue });
  });

  test("an error that cannot be printed", async ({ kernel }) => {
    const code =
      "class Evil extends Error { get message(): string { throw new Error('no') } } throw new Evil();";
    expect(errorOf(await kernel.execute(code)).evalue).toBe("(cannot be printed)");
  });

  test("a stack overflow is an error, and the next cell runs", async ({ kernel }) => {
    const error = errorOf(await kernel.execute("function deep(): number { return 1 + deep(); }\ndeep()"));
    expect(error.ename).toBe("RangeError");
    expect(textOf(await kernel.execute("1"))).toBe("1");
  });

  test("an error in an imported file names its own line", async () => {
    const cwd = temporaryFolder();
    writeFileSync(
      join(cwd, "mine.ts"),
      "// one\n\ninterface Unused {\n  x: 1;\n}\nexport function mine(): never {\n  throw new Error('in file');\n}\n",
    );
    const kernel = await startKernel({ cwd });
    const error = errorOf(await kernel.execute("import { mine } from './mine';\n\nmine();"));
    expect(error.traceback.slice(1, 3)).toEqual(["    at mine (mine.ts, line 7)", "    at Cell [1], line 3"]);
  });
});

describe("output", () => {
  test("what is printed later belongs to the cell that started it", async ({ kernel }) => {
    const early = await kernel.execute("setTimeout(() => console.log('from the first'), 60); 0;");
    const late = await kernel.execute(
      "await new Promise((r) => setTimeout(r, 120)); console.log('from the second');",
    );
    expect(textOf(early)).toBe("0from the first\n");
    expect(textOf(late)).toBe("from the second\n");
  });

  test("console methods print as in Node, in order on each stream", async ({ kernel }) => {
    const { outputs } = await kernel.execute(
      "console.table([{ a: 1 }]); console.group('g'); console.dir({ deep: { x: 1 } }, { depth: 0, colors: true }); console.groupEnd(); console.count(); console.time('t'); console.timeEnd('t'); console.error('bad'); console.assert(false, 'no');",
    );
    const streams = { stdout: "", stderr: "" };
    for (const { content } of outputs) streams[content.name as "stdout"] += content.text as string;
    expect(streams.stdout).toMatch(
      /^┌─+┬───┐\n│ \(index\) │ a │\n├─+┼───┤\n│ 0 +│ 1 │\n└─+┴───┘\ng\n {2}\{ deep: \u001b\[36m\[Object\]\u001b\[39m \}\ndefault: 1\nt: [\d.]+ms\n$/,
    );
    expect(streams.stderr).toBe("bad\nAssertion failed: no\n");
  });

  test("a progress bar's carriage returns arrive untouched", async ({ kernel }) => {
    const result = await kernel.execute(
      "for (let i = 0; i <= 3; i++) { process.stdout.write(`\\r${'#'.repeat(i)} ${i}/3`); await new Promise((r) => setTimeout(r, 5)); }\nconsole.log();",
    );
    expect(textOf(result)).toBe("\r 0/3\r# 1/3\r## 2/3\r### 3/3\n");
  });

  test("native writes and child processes are captured, between what the cell itself prints", async ({
    kernel,
  }) => {
    const result = await kernel.execute(
      "import { execSync } from 'node:child_process'; import { writeSync } from 'node:fs'; execSync('echo child', { stdio: 'inherit' }); writeSync(2, 'native');",
    );
    expect(result.outputs.map(({ content }) => content)).toEqual(
      expect.arrayContaining([
        { name: "stdout", text: "child\n" },
        { name: "stderr", text: "native" },
      ]),
    );
  });

  test("characters cut between two writes", async ({ kernel }) => {
    const result = await kernel.execute(
      "const bytes = Buffer.from('𝛻'); for (const b of bytes) process.stdout.write(Uint8Array.of(b));",
    );
    expect(textOf(result)).toBe("𝛻");
  });

  test("values show themselves, with text/plain beside whatever they give", async ({ kernel }) => {
    const symbol = "Symbol.for('Jupyter.display')";
    const { outputs } = await kernel.execute(
      `({ async [${symbol}]() { return { 'text/html': '<b>x</b>' } } })`,
    );
    expect(outputs).toHaveLength(1);
    expect(outputs[0].content.data).toMatchObject({
      "text/html": "<b>x</b>",
      "text/plain": expect.stringMatching(/Symbol/) as string,
    });
    const failing = await kernel.execute(`({ [${symbol}]() { throw new RangeError('cannot show') } })`);
    expect(errorOf(failing)).toMatchObject({ ename: "RangeError", evalue: "cannot show" });
  });

  test("tslab's display and its updates", async ({ kernel }) => {
    const { outputs } = await kernel.execute(
      "import * as tslab from 'tslab'; tslab.display.html('<i>1</i>'); const d = tslab.newDisplay(); d.text('old'); d.text('new');",
    );
    expect(outputs.map(({ type, content }) => [type, content.data])).toEqual([
      ["display_data", { "text/html": "<i>1</i>" }],
      ["display_data", { "text/plain": "old" }],
      ["update_display_data", { "text/plain": "new" }],
    ]);
    const [, shown, updated] = outputs.map(
      ({ content }) => (content.transient as { display_id: string }).display_id,
    );
    expect(shown).toBeTruthy();
    expect(updated).toBe(shown);
  });
});

describe("the library in a folder without node_modules", () => {
  test("gradlab is there, with its types, without a warning", async ({ kernel }) => {
    const imported = await kernel.execute(
      "import { tensor, display, type Tensor } from 'gradlab';\nconst t: Tensor = tensor([1, 2]);",
    );
    expect(imported.outputs).toEqual([]);
    expect(imported.reply.status).toBe("ok");
    const shown = await kernel.execute("t.mul(2)");
    expect(Object.keys((shown.outputs[0].content as { data: object }).data).sort()).toEqual([
      "text/html",
      "text/plain",
    ]);
    const displayed = await kernel.execute("await display(t)");
    expect(displayed.outputs.map(({ type }) => type)).toEqual(["display_data"]);
    expect(errorOf(await kernel.execute("t.noSuchMethod()")).evalue).toMatch(/noSuchMethod.*Tensor/);
    expect(errorOf(await kernel.execute("import { nothing } from 'gradlab';")).evalue).toMatch(
      /no exported member 'nothing'/,
    );
  });

  test("so is gradlab/course, and it sees the cells that were run", async ({ kernel }) => {
    const result = await kernel.execute("import { check } from 'gradlab/course'; typeof check");
    expect(textOf(result)).toBe("'function'");
    const cells = await kernel.execute(
      "(globalThis as any)[Symbol.for('gradlab.session')].executedCells().at(-2)",
    );
    expect(textOf(cells)).toContain("typeof check");
  });

  test("completion offers what it exports", async ({ kernel }) => {
    const code = "import { tens } from 'gradlab'";
    const { content } = await kernel.request("complete_request", { code, cursor_pos: 13 });
    expect(content.matches).toContain("tensor");
  });
});
