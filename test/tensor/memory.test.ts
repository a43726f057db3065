import { describe, expect, test } from "vitest";
import "../../src/testing/matchers.js";
import { engine } from "../../src/engine/engine.js";
import { arange, full, grad, ones, SGD, tensor, Tensor, zeros } from "../../src/index.js";

const size = 100_000;

/** Takes two gigabytes for tensors, one after the other, without waiting for anything. */
function useMuchMemory(): void {
  let x = ones([size]);
  for (let i = 0; i < 2 * 10 ** 9; i += 4 * size) x = x.mul(1);
  expect(x.data[size - 1]).toBe(1);
}

describe.runIf(engine() !== null)("the engine's memory", () => {
  test("is used again without anybody freeing it, in a loop that never waits", () => {
    const kept = Array.from({ length: 20 }, (_, i) => full([size], i));
    const small = Array.from({ length: 2000 }, (_, i) => tensor([i, i + 1]));
    useMuchMemory();
    useMuchMemory();
    expect(engine()!.memory.buffer.byteLength).toBeLessThan(1.6 * 2 ** 30);
    kept.forEach((x, i) => expect(x.sub(i).abs().max().item()).toBe(0));
    small.forEach((x, i) => expect(x.toArray()).toEqual([i, i + 1]));
  });

  test("is kept by arrays, and by arrays made from those, when their tensor is gone", () => {
    const whole = arange(size).data;
    const part = arange(size).data.subarray(10, 20);
    const bytes = new DataView(arange(size).data.buffer, arange(size).data.byteOffset, 8);
    const few = tensor([1, 2, 3]).data;
    useMuchMemory();
    expect([whole[size - 1], ...part.subarray(8)]).toEqual([size - 1, 18, 19]);
    expect(few).toEqual(Float32Array.of(1, 2, 3));
    expect(bytes.byteLength).toBe(8);
  });

  test("of gradients that nobody has read is used by the next ones", () => {
    const x = ones([size], { requiresGrad: true });
    x.mul(x).sum().backward();
    const first = x.gradient!.storage.pointer;
    new SGD([x], { lr: 0.1 }).zeroGrad();
    expect(zeros([size]).storage.pointer).toBe(first);
  });

  test("of a gradient that was read is left alone", () => {
    const x = ones([size], { requiresGrad: true });
    x.mul(3).sum().backward();
    const read = x.grad!;
    x.grad = null;
    for (let i = 0; i < 5; i++) {
      x.mul(x).sum().backward();
      x.grad = null;
    }
    expect(read.sub(3).abs().max().item()).toBe(0);
  });
});

describe("storage", () => {
  test("an array from outside is used as it is, also after later changes", () => {
    const array = Float32Array.of(1, 2, 3);
    const x = new Tensor(array, [3], "float32");
    expect(x.data).toBe(array);
    array[0] = 10;
    expect(x.mul(2).toArray()).toEqual([20, 4, 6]);
  });

  test("an array that a tensor handed out makes a tensor of the same elements", () => {
    const x = tensor([1, 2, 3, 4]);
    const y = new Tensor(x.data.subarray(1, 3), [2], "float32");
    x.data[1] = 7;
    expect(y.add(1).toArray()).toEqual([8, 4]);
    expect(x.detach().data).toBe(x.data);
  });

  test("zeros are zero where something was before", () => {
    for (let i = 0; i < 50; i++) full([2000], 5);
    for (let i = 0; i < 50; i++) expect(zeros([2000]).sum().item()).toBe(0);
  });
});

describe("gradients", () => {
  test("of inputs that get the same gradient do not share it", () => {
    const [a, b] = [ones([2], { requiresGrad: true }), ones([2], { requiresGrad: true })];
    a.add(b).sum().backward();
    a.grad!.data[0] = 99;
    expect(b.grad).toBeAllClose([1, 1]);
    const [first, second] = grad(a.add(b).sum(), [a, b]);
    first.data[0] = 99;
    expect(second).toBeAllClose([1, 1]);
  });

  test("a gradient that was read is not changed by the next backward", () => {
    const x = ones([2], { requiresGrad: true });
    x.mul(2).sum().backward();
    const before = x.grad!;
    x.mul(3).sum().backward();
    expect(before).toBeAllClose([2, 2]);
    expect(x.grad).toBeAllClose([5, 5]);
  });

  test("unread ones add up, too", () => {
    const x = ones([2], { requiresGrad: true });
    for (let i = 0; i < 4; i++) x.mul(2).sum().backward();
    expect(x.grad).toBeAllClose([8, 8]);
  });

  test("a hook may compute gradients through the same graph", () => {
    const x = tensor([2], { requiresGrad: true });
    const square = x.mul(x);
    const cube = square.mul(x);
    const slopes: number[] = [];
    const remove = square.registerHook(() => {
      remove();
      slopes.push(grad(cube, x, { retainGraph: true }).item());
    });
    square.add(cube).backward();
    expect(slopes).toEqual([12]);
    expect(x.grad).toBeAllClose([2 * 2 + 3 * 4]);
  });

  test("a chain of 300 000 operations", () => {
    const x = ones([1], { requiresGrad: true });
    let y: Tensor = x;
    for (let i = 0; i < 300_000; i++) y = y.add(1e-6);
    y.backward();
    expect(x.grad).toBeAllClose([1]);
  }, 60_000);
});
