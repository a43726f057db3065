import { spawnSync } from "node:child_process";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { loadEngine } from "../../src/engine/load.js";
import { threadCount, Threads } from "../../src/engine/threads.js";
import { compiledFile } from "../../src/package.js";
import { numbers } from "./kernel-memory.js";

const engine = loadEngine();
const [m, n, k] = [230, 190, 170];
const floats = (pointer: number, length: number) => new Float32Array(engine.memory.buffer, pointer, length);

function place(values: Float32Array): number {
  const pointer = engine.reserve(values.byteLength);
  floats(pointer, values.length).set(values);
  return pointer;
}

const a = place(numbers(m * k, 1));
const b = place(numbers(k * n, 2));
const c = engine.reserve(4 * m * n);

function multiply(threads: Threads, nanoseconds = Infinity): Float32Array {
  floats(c, m * n).fill(NaN);
  threads.run("gemm", [c, a, 0, k, 1, b, 0, n, 1, 1, m, n, k, 0, 0, 0, 0], {
    units: Math.ceil(m / 4),
    nanoseconds,
    scratch: engine.kernels.gemmScratch(m, n, k),
  });
  return floats(c, m * n).slice();
}

/** Multiplies, without ever giving the event loop a turn, until all threads have started. */
function untilRunning(threads: Threads): void {
  const deadline = performance.now() + 20_000;
  while (threads.running < threads.count && performance.now() < deadline) multiply(threads);
}

describe("threads", () => {
  test("start while the main thread never yields, and the result is the same bits for any number", () => {
    const expected = Buffer.from(multiply(new Threads(engine, 1)).buffer);
    for (const count of [2, 3]) {
      const threads = new Threads(engine, count);
      untilRunning(threads);
      expect(threads.running).toBe(count);
      for (let i = 0; i < 300; i++) expect(Buffer.from(multiply(threads).buffer).equals(expected)).toBe(true);
    }
  });

  test("are woken from sleep, and find each piece of work once", async () => {
    const threads = new Threads(engine, 3);
    untilRunning(threads);
    const x = place(new Float32Array(1 << 16));
    for (let round = 1; round <= 20; round++) {
      // idle threads sleep by now
      await new Promise((resolve) => setTimeout(resolve, 5));
      // x + 1, in place, on many small pieces
      threads.run("addScalar", [x, x, 1], { units: 1 << 16, nanoseconds: Infinity });
      expect(floats(x, 1 << 16).every((value) => value === round)).toBe(true);
    }
  });

  test("see memory that has just been added", () => {
    const threads = new Threads(engine, 3);
    untilRunning(threads);
    const [planes, width] = [256, 256];
    const geometry = engine.reserve(64);
    const fields = [planes, 1, 1, 1, 1, width, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1];
    new Int32Array(engine.memory.buffer, geometry, 16).set(fields);
    const g = place(new Float32Array(planes).fill(2));
    const positions = engine.reserve(4 * planes);
    new Int32Array(engine.memory.buffer, positions, planes).forEach((_, i, all) => (all[i] = i * width));
    for (let round = 0; round < 100; round++) {
      const dx = engine.reserve(4 * planes * width);
      const values = [dx, g, positions, 0, geometry];
      threads.run("maxPoolBackward", values, { units: planes, nanoseconds: Infinity });
      expect(floats(dx, planes * width).reduce((sum, value) => sum + value, 0)).toBe(2 * planes);
    }
  });

  test("a kernel that fails, fails the call, and the next one works", () => {
    const threads = new Threads(engine, 2);
    untilRunning(threads);
    const outside = engine.memory.buffer.byteLength;
    for (let i = 0; i < 20; i++) {
      const run = () => threads.run("neg", [outside, outside], { units: 1 << 16, nanoseconds: Infinity });
      expect(run).toThrow(/memory access out of bounds|A kernel failed on another thread/);
      expect(multiply(threads)).not.toContain(NaN);
    }
  });

  test("little work starts none", () => {
    const threads = new Threads(engine, 2);
    multiply(threads, 1000);
    expect(threads.running).toBe(1);
  });

  test("GRADLAB_THREADS says how many, or is refused", () => {
    const before = process.env["GRADLAB_THREADS"];
    try {
      process.env["GRADLAB_THREADS"] = "3";
      expect(threadCount()).toBe(3);
      delete process.env["GRADLAB_THREADS"];
      expect(threadCount()).toBeGreaterThanOrEqual(1);
      expect(threadCount()).toBeLessThanOrEqual(4);
      for (const wrong of ["0", "two", "1.5", "65"]) {
        process.env["GRADLAB_THREADS"] = wrong;
        expect(() => threadCount()).toThrow(
          `GRADLAB_THREADS is ${JSON.stringify(wrong)}. Expected a whole number from 1 to 64.`,
        );
      }
    } finally {
      if (before === undefined) delete process.env["GRADLAB_THREADS"];
      else process.env["GRADLAB_THREADS"] = before;
    }
  });
});

/** A process that multiplies with two threads and says how many were running. */
function runProgram(...nodeOptions: string[]) {
  const file = (name: string) => JSON.stringify(pathToFileURL(compiledFile(name)).href);
  const program = `
    const { loadEngine } = await import(${file("engine/load.js")});
    const { Threads } = await import(${file("engine/threads.js")});
    const engine = loadEngine();
    const threads = new Threads(engine, 2);
    const [n, x] = [256, engine.reserve(3 * 4 * 256 * 256)];
    const deadline = performance.now() + 2000;
    do {
      threads.run("gemm", [x, x + 4 * n * n, 0, n, 1, x + 8 * n * n, 0, n, 1, 1, n, n, n, 0, 0, 0, 0],
        { units: n / 4, nanoseconds: 1e6, scratch: engine.kernels.gemmScratch(n, n, n) });
    } while (threads.running < 2 && performance.now() < deadline);
    console.log(threads.running);`;
  const options = ["--no-warnings", ...nodeOptions, "--input-type=module", "--eval", program];
  return spawnSync(process.execPath, options, { encoding: "utf8", timeout: 20_000 });
}

describe("a process that used threads", () => {
  test("ends by itself", () => {
    expect(runProgram()).toMatchObject({ status: 0, stdout: "2\n", stderr: "" });
  });

  test("that may start none does with one", () => {
    const permission = process.versions.node.startsWith("20.") ? "--experimental-permission" : "--permission";
    expect(runProgram(permission, "--allow-fs-read=*")).toMatchObject({
      status: 0,
      stdout: "1\n",
      stderr: "",
    });
  });
});
