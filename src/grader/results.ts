import * as z from "zod";
import { outcomes } from "./outcomes.js";

/*
 * The report of `gradlab grade --json`, from which all other reports are made. This is the one place that says what is in it: types are
 * inferred from here, and docs/schema/grade-report.schema.json is derived. Import types only where zod need not be loaded.
 */

const tierSchema = z.enum(["sandbox", "process", "none"]).meta({
  description: "How submissions were isolated: by the operating system, by Node's permissions, not at all.",
});
const outcomeSchema = z.enum(outcomes);
const statusSchema = z.enum(["passed", "failed", "error", "timeout", "skipped"]);

const comparisonSchema = z
  .object({
    expected: z.string(),
    received: z.string(),
    relativeError: z.string(),
    worstIndex: z.string().meta({ description: 'As in "[0, 2]"; empty if a single number was compared.' }),
  })
  .meta({ description: "Of a failed comparison of numbers, the element that is furthest off, as text." });

const testSchema = z.object({
  name: z.string(),
  hidden: z.boolean(),
  status: statusSchema,
  message: z.string(),
  durationMs: z.number().min(0),
  comparison: comparisonSchema.exactOptional(),
});

const exerciseSchema = z.object({
  name: z.string(),
  points: z.number().min(0),
  score: z.number().min(0),
  outcome: outcomeSchema,
  message: z.string().meta({
    description:
      "Why there is nothing to test (missing, not started, syntax error), or the hint that fits the mistake.",
  }),
  knownMistake: z
    .boolean()
    .exactOptional()
    .meta({ description: "The message is the hint of a known wrong answer that fails in just this way." }),
  tests: z.array(testSchema),
});

const writtenSchema = z
  .object({ name: z.string(), points: z.number(), question: z.string(), answer: z.string() })
  .meta({
    description: "A question that is answered in prose and graded by hand; score does not include it.",
  });

const submissionSchema = z.object({
  file: z.string().meta({ description: "Of a file in an archive: the archive, a slash, the path in there." }),
  student: z.string(),
  name: z.string().exactOptional(),
  email: z.string().exactOptional(),
  modified: z.iso.datetime().exactOptional().meta({ description: "When the file was last changed." }),
  lesson: z.string().meta({ description: "Empty if the submission could not be read." }),
  outcome: outcomeSchema,
  score: z.number().min(0),
  maxScore: z.number().min(0),
  durationMs: z.number().min(0),
  flags: z
    .array(z.string())
    .meta({ description: "What to look at: why a file cannot be read, missing and duplicate exercises." }),
  superseded: z
    .array(z.string())
    .exactOptional()
    .meta({ description: "Earlier files of this student for this lesson, which do not count." }),
  exercises: z.array(exerciseSchema),
  written: z.array(writtenSchema).exactOptional(),
});

export const gradeReportSchema = z
  .object({ graderVersion: z.string(), tier: tierSchema, submissions: z.array(submissionSchema) })
  .meta({
    title: "Grade report",
    description:
      "What gradlab grade --json prints. Text in it may come from students: escape it where you show it.",
  });

/** The object that `gradlab grade --json` prints, and what all other reports are made from. */
export type GradeReport = z.infer<typeof gradeReportSchema>;
export type Tier = z.infer<typeof tierSchema>;
export type TestStatus = z.infer<typeof statusSchema>;
export type SubmissionResult = z.infer<typeof submissionSchema>;
export type ExerciseResult = z.infer<typeof exerciseSchema>;
export type TestResult = z.infer<typeof testSchema>;
export type ComparisonResult = z.infer<typeof comparisonSchema>;
export type WrittenAnswer = z.infer<typeof writtenSchema>;

/** The report's JSON Schema. */
export function gradeReportJsonSchema(): object {
  return z.toJSONSchema(gradeReportSchema);
}
