import { readFileSync } from "node:fs";
import { expect } from "vitest";
import "../../src/testing/matchers.js";
import { tensor, type DType, type Tensor } from "../../src/index.js";

// Reading what scripts/fixtures/make_nn_fixtures.py wrote, which says what a case holds.
export interface Recorded {
  dtype: DType;
  shape: number[];
  data: (number | "NaN" | "Infinity" | "-Infinity")[];
}

export function casesOf<Case>(family: string): Case[] {
  const file = new URL(`../fixtures/torch/nn/${family}.json`, import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { cases: Case[] }).cases;
}

export function restore({ dtype, shape, data }: Recorded): Tensor {
  return tensor(data.map(Number), { dtype }).reshape(shape);
}

/** The gradient of the output, as the script has it. */
export function weights({ shape, size, dtype }: Tensor): Tensor {
  const numbers = Array.from({ length: size }, (_, i) => (((7 * i + 2) % 11) - 5) / 4);
  return tensor(numbers, { dtype }).reshape(shape);
}

/** Relative to the largest number of the tensor: sums of terms that cancel keep the error of the terms. */
export function expectRecorded(received: Tensor | null | undefined, expected: Recorded, what: string): void {
  expect(received, what).toBeTruthy();
  expect(received!.dtype, what).toBe(expected.dtype);
  expect(received!.shape, what).toEqual(expected.shape);
  const numbers = expected.data.map(Number);
  const [rtol, slack] = expected.dtype === "float64" ? [1e-9, 1e-13] : [1e-5, 1e-6];
  const largest = numbers.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const finite = Number.isFinite(largest) ? largest : 1;
  expect(Array.from(received!.data), what).toBeAllClose(numbers, { rtol, atol: slack * Math.max(finite, 1) });
}
