import { describe, expect, test } from "vitest";
import "../../src/testing/matchers.js";
import { grad, gradcheck, gradgradcheck, ones, tensor } from "../../src/index.js";
import * as ops from "../../src/ops/index.js";
import type { Table } from "./gradcheck-cases/case.js";
import { convolutions } from "./gradcheck-cases/convolutions.js";
import { elementwise } from "./gradcheck-cases/elementwise.js";
import { products } from "./gradcheck-cases/products.js";
import { reductions } from "./gradcheck-cases/reductions.js";
import { shapes } from "./gradcheck-cases/shapes.js";

const table = { ...convolutions, ...elementwise, ...products, ...reductions, ...shapes } satisfies Table;
const rows = Object.entries(table as Table);

const cases = rows.flatMap(([op, row]) =>
  typeof row === "function" ? [] : row.map((each, i) => [`${op} ${i}`, each] as const),
);

describe("gradients against central differences", () => {
  test.for(cases)("%s", ([, { fn, inputs }]) => {
    // composed with a smooth function, so that second derivatives are there to get wrong
    expect(gradcheck(fn, inputs)).toBe(true);
    expect(gradgradcheck((...xs) => fn(...xs).sin(), inputs)).toBe(true);
    expect(gradgradcheck(fn, inputs)).toBe(true);
  });
});

describe("in float32, values and gradients are those of float64, rounded", () => {
  const kept = cases.filter(([name]) => name !== "cast 0"); // whose result is float64 by request
  test.for(kept)("%s", ([, { fn, inputs }]) => {
    const run = (dtype: "float32" | "float64") => {
      const leaves = inputs.map((input) => input.detach().cast(dtype));
      for (const leaf of leaves) leaf.requiresGrad = true;
      const output = fn(...leaves);
      return [output, ...grad(output, leaves, { gradOutputs: ones(output.shape, { dtype }) })];
    };
    const [single, double] = [run("float32"), run("float64")];
    single.forEach((result, i) => {
      expect(result.dtype).toBe("float32");
      expect(result).toBeAllClose(double[i], { rtol: 1e-5, atol: 1e-5 });
    });
  });
});

const discrete = rows.flatMap(([op, row]) => (typeof row === "function" ? [[op, row] as const] : []));

test.for(discrete)("%s passes no gradient on", ([op, use]) => {
  expect(use(tensor([1, 2], { requiresGrad: true })).requiresGrad).toBe(false);
  expect(ops[op as "greater"].differentiable).toBe(false);
});
