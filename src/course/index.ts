/** What notebooks of a course import. */
export { check } from "./check.js";
export type { CheckResult } from "./check-result.js";
export { experiment } from "./experiment.js";
