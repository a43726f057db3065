import { describe, expect, test } from "vitest";
import { gradcheck, gradgradcheck, tensor } from "../../src/index.js";
import * as ops from "../../src/ops/index.js";
import type { Table } from "./gradcheck-cases/case.js";
import { convolutions } from "./gradcheck-cases/convolutions.js";
import { elementwise } from "./gradcheck-cases/elementwise.js";
import { products } from "./gradcheck-cases/products.js";
import { reductions } from "./gradcheck-cases/reductions.js";
import { shapes } from "./gradcheck-cases/shapes.js";

const table = { ...convolutions, ...elementwise, ...products, ...reductions, ...shapes } satisfies Table;
const rows = Object.entries(table as Table);

describe("gradients against central differences", () => {
  const cases = rows.flatMap(([op, row]) =>
    typeof row === "function" ? [] : row.map((each, i) => [`${op} ${i}`, each] as const),
  );

  test.for(cases)("%s", ([, { fn, inputs }]) => {
    // composed with a smooth function, so that second derivatives are there to get wrong
    expect(gradcheck(fn, inputs)).toBe(true);
    expect(gradgradcheck((...xs) => fn(...xs).sin(), inputs)).toBe(true);
    expect(gradgradcheck(fn, inputs)).toBe(true);
  });
});

const discrete = rows.flatMap(([op, row]) => (typeof row === "function" ? [[op, row] as const] : []));

test.for(discrete)("%s passes no gradient on", ([op, use]) => {
  expect(use(tensor([1, 2], { requiresGrad: true })).requiresGrad).toBe(false);
  expect(ops[op as "greater"].differentiable).toBe(false);
});
