/** What lesson tests import: vitest's `expect` with `toBeAllClose`, the exercises and the submission under test. */
import "../ops/methods.js"; // tensors that a submission returns have their methods
import "./matchers.js";

export { expect } from "vitest";
export {
  exercise,
  type ExerciseOptions,
  type ExerciseTest,
  type TestContext,
  type TestOptions,
} from "./exercise.js";
export { student, type StudentExport } from "./student.js";
export { Handle } from "../grader/handle.js";
export { StudentError } from "../grader/host.js";
