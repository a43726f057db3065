import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { allClose, compareClose, tensor } from "../../src/index.js";

describe("what is close", () => {
  const close: [string, unknown, unknown][] = [
    ["numbers", 1 + 1e-6, 1],
    [
      "nested arrays",
      [
        [1, 2],
        [3, 4],
      ],
      [
        [1, 2],
        [3, 4],
      ],
    ],
    ["a tensor and an array", tensor([0.1, 0.2]), [0.1, 0.2]],
    ["a typed array and a tensor", Int32Array.of(1, 2), tensor([1, 2])],
    ["a tensor without axes and a number", tensor(3), 3],
    ["arrays of typed arrays", [Float32Array.of(1), Float32Array.of(2)], [[1], [2]]],
    ["both signs of zero", [-0], [0]],
    ["an infinity and itself", -Infinity, -Infinity],
    ["nothing and nothing", [], []],
  ];
  test.for(close)("%s", ([, a, b]) => expect(allClose(a, b)).toBe(true));

  const apart: [string, unknown, unknown][] = [
    ["NaN and NaN", NaN, NaN],
    ["NaN among others", [1, NaN, 3], [1, 2, 3]],
    ["a number and NaN", 1, NaN],
    ["a number and an infinity", 5, Infinity],
    ["the two infinities", -Infinity, Infinity],
    ["a small number and 0", 1e-7, 0],
    ["a row and a column", [[1, 2]], [[1], [2]]],
    ["a number and an array of it", 1, [1]],
  ];
  test.for(apart)("not %s", ([, a, b]) => expect(allClose(a, b)).toBe(false));

  test("exactly |a − b| ≤ atol + rtol |b|", () => {
    const finite = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 });
    const tolerance = fc.double({ noNaN: true, min: 0, max: 1 });
    fc.assert(
      fc.property(finite, finite, tolerance, tolerance, (a, b, rtol, atol) => {
        // the two sides may round differently right at the border
        const [error, allowed] = [Math.abs(a - b), atol + rtol * Math.abs(b)];
        fc.pre(Math.abs(error - allowed) > 1e-12 * (error + allowed) || error === 0);
        expect(allClose(a, b, { rtol, atol })).toBe(error <= allowed);
      }),
    );
  });
});

describe("what the comparison says", () => {
  test("the worst element is the one furthest outside its tolerance", () => {
    expect(
      compareClose(
        [
          [1, 2.1],
          [3, 1000.2],
        ],
        tensor([
          [1, 2],
          [3, 1000],
        ]),
      ),
    ).toMatchObject({
      pass: false,
      worstIndex: [0, 1],
      receivedAtWorst: 2.1,
      expectedAtWorst: 2,
      message: "at [0, 1]: received 2.1, expected 2 (relative error 4.8e-2; allowed: 1e-8 + 1e-5 |expected|)",
    });
  });

  test("NaN is worse than any error", () => {
    expect(compareClose([1e9, NaN], [0, 0]).worstIndex).toEqual([1]);
  });

  test("the relative error is that of the larger number", () => {
    expect(compareClose(1, 4).relativeError).toBe(0.75);
    expect(compareClose(4, 1).relativeError).toBe(0.75);
    expect(compareClose(0, 0).relativeError).toBe(0);
  });

  const messages: [unknown, unknown, string][] = [
    [2, 3, "received 2, expected 3 (relative error 3.3e-1; allowed: 1e-8 + 1e-5 |expected|)"],
    [[1, 2], [1, 2, 3], "received shape [2], expected shape [3]"],
    [4, [4, 4], "received the number 4, expected shape [2]"],
    [undefined, 3, "received undefined, which is no number, expected the number 3"],
    ["3", 3, 'received the string "3", which is no number, expected the number 3'],
    [true, 1, "received the boolean true, which is no number, expected the number 1"],
    [
      Promise.resolve(1),
      1,
      "received a promise, which is no number; await would give its value, expected the number 1",
    ],
    [() => 1, 1, "received a function, which is no number, expected the number 1"],
    [{ a: 1 }, 1, "received an object of class Object, which is no number, expected the number 1"],
    [[1, null], [1, 2], "received an array whose element 1 is null, which is no number, expected shape [2]"],
    [
      [[1, 2], [3]],
      [
        [1, 2],
        [3, 4],
      ],
      "received a ragged array: element 1 is shape [1], element 0 shape [2], expected shape [2, 2]",
    ],
    [1, "1", 'the expected value is unusable: it is the string "1", which is no number'],
  ];
  test.for(messages)("%j, expected %j", ([received, expected, message]) => {
    const comparison = compareClose(received, expected);
    expect(comparison.message).toBe(message);
    expect(comparison.pass).toBe(false);
  });

  test("tolerances are repeated as they were given", () => {
    expect(compareClose(1, 2, { rtol: 0, atol: 0.01 }).message).toContain("allowed: 0.01 + 0 |expected|");
  });
});
