import { afterEach, describe, expect, test } from "vitest";
import { compileSubmission } from "../../src/course/compile.js";
import { Host, type HostError } from "../../src/grader/host.js";
import { chooseIsolation, processTier } from "../../src/grader/isolation.js";
import { defaultLimits, type Limits } from "../../src/grader/limits.js";

const tiers = [...new Set([processTier, chooseIsolation().tier])];

describe.for(tiers)("in the tier %s", (tier) => {
  let host: Host;
  afterEach(() => host.kill());

  async function start(source: string, limits: Partial<Limits> = {}): Promise<void> {
    const deadline = performance.now() + 25_000;
    host = new Host(() => deadline, { tier, limits: { ...defaultLimits, ...limits } });
    await host.prepare(false);
    await host.load(await compileSubmission(source));
  }

  /** The error that a call of `f` ends in. */
  async function failureOf(source: string, limits: Partial<Limits>): Promise<HostError> {
    await start(source, limits);
    return host.call("f", []).then(
      (value) => expect.fail(`no error, but ${String(value)}`),
      (error: unknown) => error as HostError,
    );
  }

  test("what is printed", async () => {
    const source = `const { writeSync } = (process as any).getBuiltinModule("fs");
      export const f = () => { for (;;) try { writeSync(1, "x".repeat(1000)); } catch {} };`;
    expect(await failureOf(source, { outputMegabytes: 0.1 })).toMatchObject({
      failure: "output-limit",
      message: "more than 0.1 MB were printed",
    });
  });

  test.for([
    ["the heap", "const all = []; for (;;) all.push(new Array(1e5).fill(1.5));"],
    ["array buffers", "const all = []; for (;;) all.push(new Uint8Array(1e6).fill(1));"],
    [
      "WebAssembly",
      "const m = new WebAssembly.Memory({ initial: 1 }); for (;;) { m.grow(16); new Uint8Array(m.buffer).fill(1); }",
    ],
    ["one request for all of it", "return new ArrayBuffer(2e9);"],
  ] as const)("memory: %s", async ([, body]) => {
    expect(await failureOf(`export function f() { ${body} }`, { memoryMegabytes: 100 })).toMatchObject({
      failure: "oom",
      message: "the submission used more than its 100 MB of memory",
    });
  });

  test("processor time, over all threads", async () => {
    const source = `const { pbkdf2 } = (process as any).getBuiltinModule("crypto");
      export const f = () => Promise.all([1, 2, 3, 4].map(() => new Promise((resolve) => pbkdf2("a", "b", 1e9, 64, "sha512", resolve))));`;
    expect(await failureOf(source, { cpuSeconds: 1 })).toMatchObject({
      failure: "timeout",
      message: "more than 1 s of processor time were used",
    });
  });

  test("processor time is counted anew for the next exercise", async () => {
    await start(
      "export const f = (ms: number) => { const end = performance.now() + ms; while (performance.now() < end); };",
      { cpuSeconds: 2 },
    );
    for (let exercise = 0; exercise < 3; exercise++) {
      host.beginExercise();
      expect(await host.call("f", [800])).toBeUndefined();
    }
  });

  test("size, items and depth of results; the process goes on", async () => {
    await start(
      `export const numbers = (n: number) => new Array(n).fill(0.1);
       export const bytes = (n: number) => new Uint8Array(n);
       export const deep = (n: number) => { let a: any = 0; for (let i = 0; i < n; i++) a = [a]; return a; };
       export const calls = (f: any, n: number) => f(new Array(n).fill(0));`,
      { resultItems: 100, resultMegabytes: 0.001, resultDepth: 5 },
    );
    expect(await host.call("numbers", [99])).toHaveLength(99);
    await expect(host.call("numbers", [100])).rejects.toMatchObject({ failure: "output-limit" });
    await expect(host.call("bytes", [10_000])).rejects.toMatchObject({ failure: "output-limit" });
    expect(await host.call("deep", [5])).toEqual([[[[[0]]]]]);
    await expect(host.call("deep", [6])).rejects.toMatchObject({ failure: "output-limit" });
    await expect(host.call("calls", [() => 1, 1000])).rejects.toMatchObject({ failure: "output-limit" });
    expect(await host.call("calls", [() => 1, 10])).toBe(1);
  });
});
