import { assert, constantFrom, double, integer, maxSafeInteger, property, record } from "fast-check";
import { describe, expect, test } from "vitest";
import { Generator } from "../../src/tensor/random.js";
import { kernelMemories } from "./kernel-memory.js";
import { runKernel } from "./run-kernel.js";

const streams = record({
  size: integer({ min: 0, max: 60 }),
  seed: maxSafeInteger().map(Math.abs),
  drawn: integer({ min: 0, max: 20 }),
  p: constantFrom(0, 0.1, 0.5, 1),
  shift: integer({ min: 0, max: 3 }),
  cut: double({ min: 0, max: 1, noNaN: true }),
});

function generatorAt(seed: number, drawn: number): Generator {
  const generator = new Generator();
  generator.loadStateDict({ seed, drawn, spareNormal: null });
  return generator;
}

describe.each(kernelMemories)("random kernels of the %s binary", (_name, memory) => {
  const { kernels } = memory;

  test("draws are those of the generator, from any place in its stream", () => {
    assert(
      property(streams, ({ size, seed, drawn, p, shift, cut }) => {
        const out = new Float32Array(size);
        const [unit, between, mask] = runKernel(
          memory,
          { outs: [out, out, out], units: size, shift, cut },
          (_, [units, betweens, masks], from, to) => {
            kernels.rand(units, seed, drawn, from, to);
            kernels.uniform(betweens, seed, drawn, -2, 3, from, to);
            kernels.threshold(masks, seed, drawn, p, 0, 1.25, from, to);
          },
        );
        const generator = generatorAt(seed, drawn);
        const draws = Array.from(out, () => generator.uniform());
        expect([...unit]).toEqual(draws.map((u) => Math.floor(u * 2 ** 24) / 2 ** 24));
        expect([...between]).toEqual(draws.map((u) => Math.fround(-2 + 5 * u)));
        expect([...mask]).toEqual(draws.map((u) => (u < p ? 0 : 1.25)));
      }),
    );
  });

  test("the number of the block may take more than 32 bits, and carry while four are made", () => {
    for (const drawn of [4 * (2 ** 32 - 2), 4 * (2 ** 32 - 1) + 1, 2 ** 45 + 3]) {
      const [y] = runKernel(
        memory,
        { outs: [new Float32Array(30)], units: 30, shift: 0, cut: 0.5 },
        (_, [out], from, to) => kernels.rand(out, 2 ** 40 + 5, drawn, from, to),
      );
      const generator = generatorAt(2 ** 40 + 5, drawn);
      expect([...y]).toEqual(Array.from(y, () => Math.floor(generator.uniform() * 2 ** 24) / 2 ** 24));
    }
  });

  test("the first words under key 0 are those published with Philox", () => {
    // Random123's known answers, philox4x32 of 10 rounds, counter and key 0: 6627e8d5 e169c58d bc57ac4c 9b00dbd8
    const [y] = runKernel(
      memory,
      { outs: [new Float32Array(2)], units: 2, shift: 0, cut: 0 },
      (_, [out], from, to) => kernels.rand(out, 0, 0, from, to),
    );
    expect([...y]).toEqual([0x6627e8 / 2 ** 24, 0xbc57ac / 2 ** 24]);
  });
});
