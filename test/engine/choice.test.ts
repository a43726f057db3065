import { beforeEach, expect, test, vi } from "vitest";

beforeEach(() => {
  vi.resetModules();
  return () => vi.unstubAllEnvs();
});

const load = async () => ({
  ...(await import("../../src/engine/engine.js")),
  ...(await import("../../src/index.js")),
});

test("GRADLAB_ENGINE=reference computes with the plain kernels, in arrays of JavaScript's own", async () => {
  vi.stubEnv("GRADLAB_ENGINE", "reference");
  const { engine, tensor } = await load();
  expect(engine()).toBeNull();
  const { data } = tensor([1, 2]).mul(3);
  expect(data).toEqual(Float32Array.of(3, 6));
  expect(data.byteLength).toBe(data.buffer.byteLength);
});

test("without it, or with wasm, float32 lies in the engine's memory", async () => {
  for (const name of [undefined, "wasm"]) {
    vi.stubEnv("GRADLAB_ENGINE", name);
    const { engine, tensor } = await load();
    expect(engine()).not.toBeNull();
    expect(tensor([1, 2]).mul(3).data.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(tensor([1, 2], { dtype: "float64" }).data.buffer).toBeInstanceOf(ArrayBuffer);
  }
});

test("where memory cannot be shared, the plain kernels compute", async () => {
  vi.stubEnv("GRADLAB_ENGINE", undefined);
  vi.stubGlobal("SharedArrayBuffer", undefined);
  try {
    const { engine, tensor } = await load();
    expect(tensor([1, 2]).mul(3).toArray()).toEqual([3, 6]);
    expect(engine()).toBeNull();
  } finally {
    vi.unstubAllGlobals();
  }
});

test("another name is an error", async () => {
  vi.stubEnv("GRADLAB_ENGINE", "fast");
  const { tensor } = await load();
  expect(() => tensor([1])).toThrow(
    new RangeError('GRADLAB_ENGINE is "fast". Expected "wasm" or "reference".'),
  );
});
