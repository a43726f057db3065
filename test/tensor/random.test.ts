import { describe, expect, test } from "vitest";
import "../../src/testing/matchers.js";
import { Generator, manualSeed, rand, randn } from "../../src/index.js";
import { philox } from "../../src/tensor/random.js";

/** The block with the given first words, after philox. */
function encrypted(counter: number[], key: [low: number, high: number]): number[] {
  const block = new Uint32Array(4);
  block.set(counter);
  philox(block, ...key);
  return Array.from(block);
}

describe("philox4x32-10", () => {
  // kat_vectors of Random123, the reference implementation
  const known = [
    {
      counter: "00000000 00000000 00000000 00000000",
      key: "00000000 00000000",
      out: "6627e8d5 e169c58d bc57ac4c 9b00dbd8",
    },
    {
      counter: "ffffffff ffffffff ffffffff ffffffff",
      key: "ffffffff ffffffff",
      out: "408f276d 41c83b0e a20bc7c6 6d5451fd",
    },
    {
      counter: "243f6a88 85a308d3 13198a2e 03707344",
      key: "a4093822 299f31d0",
      out: "d16cfe09 94fdcceb 5001e420 24126ea1",
    },
  ];
  const parse = (hex: string) => hex.split(" ").map((word) => parseInt(word, 16));
  test.for(known)("$counter", ({ counter, key, out }) => {
    expect(encrypted(parse(counter), parse(key) as [number, number])).toEqual(parse(out));
  });
});

describe("Generator", () => {
  test.for([0, 1, 2, 3, 4, 5, 8, 9])(
    "goes on from a state after %i words, in another generator and through JSON",
    (words) => {
      const one = new Generator(11);
      for (let word = 0; word < words; word++) one.uint32();
      one.normal();
      const state = JSON.stringify(one.stateDict());
      const other = new Generator(5);
      other.normal();
      other.loadStateDict(JSON.parse(state) as ReturnType<Generator["stateDict"]>);
      const draw = (generator: Generator) => [
        generator.normal(),
        generator.uint32(),
        generator.normal(),
        generator.uniform(),
      ];
      expect(draw(other)).toEqual(draw(one));
      expect(other.seed).toBe(11);
    },
  );

  test("refuses a state that is none", () => {
    expect(() => new Generator().loadStateDict({ seed: 1, drawn: -1, spareNormal: null })).toThrow(
      "Generator.loadStateDict: drawn -1 is not a whole number from 0 to 2^53 - 1.",
    );
  });

  test("deals out the words of block after block", () => {
    const generator = new Generator(0);
    const words = Array.from({ length: 8 }, () => generator.uint32());
    expect(words).toEqual([...encrypted([0], [0, 0]), ...encrypted([1], [0, 0])]);
  });

  test("large seeds use both words of the key", () => {
    const seed = 5 * 2 ** 32 + 7;
    expect(new Generator(seed).uint32()).toBe(encrypted([0], [7, 5])[0]);
  });

  test("the same seed gives the same numbers, another seed others", () => {
    const draw = (seed: number) => randn([8], { generator: new Generator(seed) });
    expect(draw(4)).toEqual(draw(4));
    expect(draw(4)).not.toEqual(draw(5));
  });

  test.for([-1, 0.5, NaN, 2 ** 53])("seed %d is refused", (seed) => {
    expect(() => new Generator(seed)).toThrow(
      new RangeError(`Generator: seed ${seed} is not a whole number from 0 to 2^53 - 1.`),
    );
  });

  test("manualSeed restarts the shared generator", () => {
    manualSeed(3);
    const first = rand([3]);
    expect(rand([3])).not.toEqual(first);
    manualSeed(3);
    expect(rand([3])).toEqual(first);
  });
});

describe("moments, within four standard errors", () => {
  const n = 20_000;
  const mean = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b) / values.length;

  test("uniform: mean 1/2, variance 1/12, all in [0, 1)", () => {
    const { data } = rand([n], { generator: new Generator(1), dtype: "float64" });
    expect(data.every((u) => u >= 0 && u < 1)).toBe(true);
    expect(mean(data)).toBeAllClose(1 / 2, { rtol: 0, atol: 4 * Math.sqrt(1 / 12 / n) });
    expect(mean(data.map((u) => (u - 1 / 2) ** 2))).toBeAllClose(1 / 12, {
      rtol: 0,
      atol: 4 * Math.sqrt(1 / 180 / n),
    });
  });

  test("normal: mean 0, variance 1, fourth moment 3", () => {
    const { data } = randn([n], { generator: new Generator(2), dtype: "float64" });
    expect(mean(data)).toBeAllClose(0, { atol: 4 / Math.sqrt(n) });
    expect(mean(data.map((z) => z ** 2))).toBeAllClose(1, { rtol: 0, atol: 4 * Math.sqrt(2 / n) });
    expect(mean(data.map((z) => z ** 4))).toBeAllClose(3, { rtol: 0, atol: 4 * Math.sqrt(96 / n) });
  });

  test("float32 draws are the float64 draws cut short", () => {
    const options = { generator: new Generator(6) };
    const short = rand([100], options);
    const long = rand([100], { generator: new Generator(6), dtype: "float64" });
    const gaps = long.sub(short).data;
    expect(gaps.every((gap) => gap >= 0 && gap < 2 ** -24)).toBe(true);
  });
});
