import { expect } from "vitest";
import { compareClose, type CloseOptions } from "./close.js";

declare module "vitest" {
  // eslint-disable-next-line @typescript-eslint/no-unused-vars, @typescript-eslint/no-explicit-any -- vitest's own signature
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
    const { pass, message, ...comparison } = compareClose(received, expected, options);
    const record = this.task?.meta.gradlab;
    if (record && !pass && !this.isNot) record.comparison = comparison;
    return { pass, message: () => message };
  },
});
