import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import * as ops from "../../src/ops/index.js";
import { expectResults, type Call, type Results } from "./recorded.js";

// Made by scripts/fixtures/make_fixtures.py.
type Case = Call & Results;

const folder = new URL("../fixtures/torch/", import.meta.url);
const families = readdirSync(folder).filter((name) => name.endsWith(".json"));

describe.for(families)("as PyTorch computes it: %s", (family) => {
  const { cases } = JSON.parse(readFileSync(new URL(family, folder), "utf8")) as { cases: Case[] };

  test.for(cases.map((each, i) => [title(each, i), each] as const))("%s", ([, recorded]) => {
    expectResults(recorded);
  });
});

test("every operation has cases", () => {
  const all = families.flatMap((family) => {
    const { cases } = JSON.parse(readFileSync(new URL(family, folder), "utf8")) as { cases: Case[] };
    return cases.map(({ op }) => op);
  });
  expect(new Set(all)).toEqual(new Set(Object.keys(ops)));
});

function title({ op, inputs, args }: Case, i: number): string {
  const shapes = inputs.map(({ dtype, shape }) => `${dtype}[${shape.join(", ")}]`);
  return `${i} ${op}(${[...shapes, ...args.map((arg) => JSON.stringify(arg))].join(", ")})`;
}
