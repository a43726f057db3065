import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { compileSubmission } from "../../src/course/compile.js";
import type { Handle } from "../../src/grader/handle.js";
import { Host, StudentError, type HostError } from "../../src/grader/host.js";
import { chooseIsolation, processTier } from "../../src/grader/isolation.js";
import { defaultLimits, type Limits } from "../../src/grader/limits.js";
import { tensor } from "../../src/tensor/create.js";
import type { Tensor } from "../../src/tensor/tensor.js";

const tiers = new Set([processTier, chooseIsolation().tier]);

describe.for([...tiers])("in the tier %s", (tier) => {
  let host: Host;
  let deadline: number;
  const start = (limits: Partial<Limits> = {}) => {
    host?.kill();
    host = new Host(() => deadline, { tier, limits: { ...defaultLimits, ...limits } });
    return host.prepare(false);
  };
  beforeEach(() => {
    deadline = performance.now() + 20_000;
    return start();
  });
  afterEach(() => host.kill());

  const load = async (source: string) => host.load(await compileSubmission(source));
  const failure = async (promise: Promise<unknown>) =>
    (await promise.then(
      () => "no error",
      (error: unknown) => error,
    )) as HostError;

  describe("calls", () => {
    test("carry values both ways", async () => {
      expect(
        await load("export function add(a: number[], b: number) { return a.map((x) => x + b); }"),
      ).toEqual(["add"]);
      expect(await host.call("add", [[1, 2], NaN])).toEqual([NaN, NaN]);
    });

    test("carry tensors, with the library loaded on demand", async () => {
      await load(
        'import { tensor, type Tensor } from "gradlab";\nexport const twice = (x: Tensor) => x.mul(tensor(2));',
      );
      const result = (await host.call("twice", [tensor([1, 2])])) as Tensor;
      expect(result.toArray()).toEqual([2, 4]);
    });

    test("a function that is passed in is called back, and its result used at once", async () => {
      await load(
        "export function slope(f: (x: number) => number, x: number) { return (f(x + 1) - f(x - 1)) / 2; }",
      );
      const asked: number[] = [];
      const square = (x: number) => (asked.push(x), x * x);
      expect(await host.call("slope", [square, 3])).toBe(6);
      expect(asked).toEqual([4, 2]);
    });

    test("an error of the judge's function reaches the submission as an error", async () => {
      await load(
        "export function safe(f: () => number) { try { return f(); } catch (e) { return e.name + ': ' + e.message; } }",
      );
      const fails = () => {
        throw new RangeError("no");
      };
      expect(await host.call("safe", [fails])).toBe("RangeError: no");
    });

    test("calls of the same moment are answered each, also while functions are called back", async () => {
      await load(
        "export const twice = (f: (x: number) => number, x: number) => f(f(x));\nconst list = new Float64Array(3);\nexport const fill = (x: number) => list.fill(x);",
      );
      const next = (x: number) => x + 1;
      const numbers = [0, 1, 2, 3, 4];
      expect(await Promise.all(numbers.map((x) => host.call("twice", [next, x])))).toEqual([2, 3, 4, 5, 6]);
      const lists = await Promise.all(numbers.map((x) => host.call("fill", [x])));
      expect(lists).toEqual(numbers.map((x) => new Float64Array([x, x, x])));
    });

    test("objects stay in the host and keep their identity", async () => {
      await load(
        "export class Box { inside = [1]; constructor(public value: number) {} twice() { return this.value * 2; } }\nexport const same = (a: Box, b: Box) => a === b;\nexport const pair = (a: Box) => [a, a];",
      );
      const box = (await host.call("Box", [4], "construct")) as Handle;
      expect(box.type).toBe("Box");
      expect(await box.call("twice")).toBe(8);
      await box.set("value", 5);
      expect(await box.get("value")).toBe(5);
      expect(await host.call("same", [box, box])).toBe(true);
      const [first, second] = (await host.call("pair", [box])) as Handle[];
      expect(first).toBe(box);
      expect(second).toBe(box);
    });

    test("arguments are copies, and observing shows what became of them", async () => {
      await load("export const reverse = (x: number[]) => x.reverse()[0];");
      const x = [1, 2];
      expect(await host.call("reverse", [x], "observe")).toEqual({ value: 2, args: [[2, 1]] });
      expect(x).toEqual([1, 2]);
    });

    test("a tensor is kept with its graph on request, and copied with its gradient", async () => {
      await load(
        'import { tensor, type Tensor } from "gradlab";\nexport const x = () => tensor([1, 2], { requiresGrad: true });\nexport const loss = (a: Tensor) => a.pow(2).sum();\nexport const five = () => 5;\nexport const list = () => [1];',
      );
      const x = (await host.call("x", [], "keep")) as Handle;
      const loss = (await host.call("loss", [x], "keep")) as Handle;
      expect(loss.type).toBe("Tensor");
      await loss.call("backward");
      expect(((await x.get("grad")) as Tensor).toArray()).toEqual([2, 4]);
      expect(((await x.copy()) as Tensor).grad?.toArray()).toEqual([2, 4]);
      expect(await host.call("five", [], "keep")).toBe(5);
      expect(await ((await host.call("list", [], "keep")) as Handle).copy()).toEqual([1]);
    });

    test("8 MB go there and back as bytes", async () => {
      await load("export const back = (x: any) => x;");
      const x = Float64Array.from({ length: 2 ** 20 }, (_, i) => i);
      expect(await host.call("back", [x])).toEqual(x);
      const list = Array.from(x.subarray(0, 500_000));
      expect(await host.call("back", [list])).toEqual(list);
    });

    test("a module may await while it loads", async () => {
      await load("const two = await Promise.resolve(2);\nexport const f = () => two;");
      expect(await host.call("f", [])).toBe(2);
      await expect(host.call("g", [])).rejects.toThrow("g is not defined");
    });

    test("asynchronous functions are awaited", async () => {
      await load(
        "export const later = (x: number) => new Promise((resolve) => setTimeout(() => resolve(x), 20));",
      );
      expect(await host.call("later", [3])).toBe(3);
    });

    test("what the submission prints goes nowhere", async () => {
      await load(
        "export const noisy = () => { for (let i = 0; i < 1e5; i++) console.log('x'.repeat(100)); return 1; };",
      );
      expect(await host.call("noisy", [])).toBe(1);
    });
  });

  describe("errors", () => {
    test("say where in the source they arose", async () => {
      await load(
        "interface A {\n  a: number;\n}\n\nexport function f(): number {\n  throw new TypeError('boo');\n}",
      );
      await expect(host.call("f", [])).rejects.toThrow(new StudentError("TypeError", "boo", " (line 6)"));
    });

    test("lines are right in a module that awaits", async () => {
      await load("await null;\nexport function f() {\n  throw new Error('boo');\n}");
      await expect(host.call("f", [])).rejects.toThrow("boo (line 3)");
    });

    test("what objects to being shown is an error of the submission", async () => {
      await load(
        "const evil: any = new Proxy({}, { get() { throw evil; }, getPrototypeOf() { throw evil; } });\nexport const f = () => { throw evil; };\nexport const g = () => evil;",
      );
      await expect(host.call("f", [])).rejects.toThrow("threw something that cannot be shown");
      await expect(host.call("g", [])).rejects.toThrow("threw something that cannot be shown");
    });

    test("texts of errors have an end", async () => {
      await load("export const f = () => { throw new Error('x'.repeat(1e6)); };");
      const error = await failure(host.call("f", []));
      expect(error.message.length).toBeLessThan(20_000);
    });

    test("thrown things that are no errors are still errors", async () => {
      await load("export const f = () => { throw null; };");
      await expect(host.call("f", [])).rejects.toThrow("threw object: null");
    });

    test("a missing export is named", async () => {
      await load("export const a = 1;");
      await expect(host.call("b", [])).rejects.toThrow("b is not defined: keep its name as given");
      await expect(host.call("a", [])).rejects.toThrow("a is a number, not a function");
    });

    test("nothing but the library can be imported", async () => {
      await failure(load('import { readFileSync } from "fs";\nexport const f = () => readFileSync("x");'));
      expect(await failure(host.call("f", []))).toMatchObject({
        name: "HostError",
        failure: "error",
        message: 'Error: a submission can import "gradlab" and nothing else, not "fs" (line 1)',
      });
    });

    test("what throws at the top level leaves what was there before", async () => {
      const thrown = load(
        "export const a = () => 1;\nexport function later() { return b() + 1; }\nthrow new RangeError('boo');\nexport const b = () => 2;",
      );
      await expect(thrown).rejects.toThrow("RangeError: boo (line 3)");
      expect(await host.call("a", [])).toBe(1);
      expect(await failure(host.call("b", []))).toMatchObject({
        failure: "error",
        message: "RangeError: boo (line 3)",
      });
      expect(await failure(host.call("later", []))).toMatchObject({ name: "ReferenceError" });
    });

    test("what the compiler refuses is an error of the submission, with its line", async () => {
      await failure(load("export const f = () => 1;\nlet x = 1;\nlet x = 2;"));
      expect(await failure(host.call("f", []))).toMatchObject({
        failure: "error",
        message: "SyntaxError: Identifier `x` has already been declared (line 2)",
      });
    });
  });

  describe("hosts that do not come back", () => {
    test("a loop ends at the deadline", async () => {
      await load("export const spin = () => { for (;;); };");
      deadline = performance.now() + 300;
      expect(await failure(host.call("spin", []))).toMatchObject({ name: "HostError", failure: "timeout" });
      expect(host.alive).toBe(false);
    });

    test("a promise that never settles is said to be one", async () => {
      await load("export const hang = () => new Promise(() => {});");
      expect(await failure(host.call("hang", []))).toMatchObject({
        failure: "timeout",
        message: expect.stringContaining("never settles"),
      });
    });

    test.for(["process.exit(0)", "process.kill(process.pid, 'SIGKILL')"])(
      "%s is an error, not an answer",
      async (code) => {
        await load(`export const end = () => { ${code}; };`);
        expect(await failure(host.call("end", []))).toMatchObject({ name: "HostError", failure: "error" });
      },
    );

    test("memory is limited", { timeout: 60_000 }, async () => {
      deadline = performance.now() + 50_000;
      await load(
        "export const eat = () => { const all: number[][] = []; for (;;) all.push(new Array(1e5).fill(Math.random())); };",
      );
      expect(await failure(host.call("eat", []))).toMatchObject({ failure: "oom" });
    });

    test("bytes that are no frame end the host", async () => {
      await load(
        "export const forge = () => { (process as any).getBuiltinModule('fs').writeSync(3, Buffer.alloc(64, 255)); return 1; };",
      );
      expect(await failure(host.call("forge", []))).toMatchObject({
        failure: "flagged",
        message: expect.stringContaining("no answer"),
      });
    });
  });

  test.runIf(tier === "process")("a host cannot read files, start processes or write", async () => {
    await load(
      `const builtin = (id: string): any => (process as any).getBuiltinModule(id);
     const attempt = (f: () => unknown) => { try { return f() ? "done" : "done"; } catch (e) { return e.code ?? e.message; } };
     export const read = (path: string) => attempt(() => builtin("fs").readFileSync(path));
     export const write = () => attempt(() => builtin("fs").writeFileSync("/tmp/gradlab-canary", "x"));
     export const run = () => attempt(() => builtin("child_process").execSync("true"));
     export const environment = () => Object.keys(process.env);`,
    );
    expect(await host.call("read", ["/etc/hostname"])).toBe("ERR_ACCESS_DENIED");
    expect(
      await host.call("read", [
        new URL("../fixtures/mini-course/solutions/01-slope/solution.ts", import.meta.url).pathname,
      ]),
    ).toBe("ERR_ACCESS_DENIED");
    expect(await host.call("write", [])).toBe("ERR_ACCESS_DENIED");
    expect(await host.call("run", [])).toBe("ERR_ACCESS_DENIED");
    expect(await host.call("environment", [])).toEqual([]);
  });
});
