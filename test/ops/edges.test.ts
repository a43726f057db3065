import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import * as ops from "../../src/ops/index.js";
import { edgeAnswers, type Answer, type Edge, type Edges } from "./edge-answers.js";
import {
  call,
  expectRecorded,
  expectResults,
  restore,
  type Call,
  type Recorded,
  type Results,
} from "./recorded.js";

// Made by scripts/fixtures/make_edge_fixtures.py, which says what the edges are.
type EdgeCase = Call &
  Omit<Results, "output"> & {
    edge: Edge;
    /** Null where PyTorch refuses. */
    output: Recorded | null;
    /** What PyTorch says to the same numbers in another dtype. */
    int32?: Recorded | null;
    float32?: Recorded | null;
  };

const file = new URL("../fixtures/torch-edges.json", import.meta.url);
const { cases } = JSON.parse(readFileSync(file, "utf8")) as { cases: EdgeCase[] };
const answers: Record<keyof typeof ops, Edges> = edgeAnswers;

describe.for(Object.keys(ops) as (keyof typeof ops)[])("%s", (op) => {
  const own = cases.filter((each) => each.op === op);

  test.for(own.map((each) => [each.edge, each] as const))("%s", ([edge, recorded]) => {
    check(answers[op][edge]!, recorded);
  });

  test("has an answer to each of its edges", () => {
    expect(Object.keys(answers[op]).sort()).toEqual(own.map(({ edge }) => edge).sort());
  });
});

function check(answer: Answer, recorded: EdgeCase): void {
  const { edge, output, int32, float32, gradients, second } = recorded;
  const run = () => call(recorded.op, recorded.inputs.map(restore), recorded.args);
  if (answer instanceof Error) {
    expect(output, "PyTorch refuses, too").toBeNull();
    expect(run).toThrow(answer);
    return;
  }
  if (typeof answer === "object") {
    if ("stricter" in answer) {
      expect(output, "PyTorch answers").not.toBeNull();
      expect(run).toThrow(answer.stricter);
    } else {
      expect(output, "PyTorch refuses").toBeNull();
      expectRecorded(run(), answer.wider);
    }
    return;
  }
  if (answer === "same") {
    expect(output, "PyTorch answers").not.toBeNull();
    expectResults({
      ...recorded,
      output: output!,
      ...(gradients && { gradients }),
      ...(second && { second }),
    });
    return;
  }
  const numbers = float32!;
  const expected = {
    "as float32": numbers,
    "as int32": int32 ?? { ...numbers, dtype: "int32" as const },
    kept: { ...numbers, dtype: edge as "int32" | "bool" },
  }[answer];
  // otherwise the answer is "same"
  expect(output?.dtype, "PyTorch refuses, or gives another dtype").not.toBe(expected.dtype);
  const received = run();
  expectRecorded(received, expected);
  if (received.dtype === "bool") expect([0, 1]).toEqual(expect.arrayContaining([...new Set(received.data)]));
}
