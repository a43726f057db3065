import { expect } from "vitest";
import type { ComparisonResult } from "../grader/results.js";
import { compareClose, type CloseOptions, type Comparison } from "./close.js";
import "./tensor-equality.js";

declare module "vitest" {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- vitest's own signature
  interface Matchers<T = any> {
    /**
     * Passes if every number of the received value is within `atol + rtol·|expected|` of the expected one's.
     * Takes numbers, nested arrays, typed arrays and tensors; NaN is close to nothing.
     */
    toBeAllClose(expected: unknown, options?: CloseOptions): T;
  }
}

expect.extend({
  toBeAllClose(received: unknown, expected: unknown, options?: CloseOptions) {
    const comparison = compareClose(received, expected, options);
    const record = this.task?.meta.gradlab;
    if (record && !comparison.pass && !this.isNot) record.comparison = inWords(comparison);
    return { pass: comparison.pass, message: () => comparison.message };
  },
});

/** The numbers of a comparison as reports show them; undefined if there were none to compare. */
function inWords({
  worstIndex,
  receivedAtWorst,
  expectedAtWorst,
  relativeError,
}: Comparison): ComparisonResult | undefined {
  if (worstIndex === null || receivedAtWorst === null || expectedAtWorst === null || relativeError === null)
    return undefined;
  return {
    expected: String(expectedAtWorst),
    received: String(receivedAtWorst),
    relativeError: relativeError.toExponential(1),
    worstIndex: worstIndex.length > 0 ? `[${worstIndex.join(", ")}]` : "",
  };
}
