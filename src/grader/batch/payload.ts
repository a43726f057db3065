import * as z from "zod";
import { readManifest, type Course } from "../../course/course.js";
import { UserError } from "../../errors.js";
import type { Job } from "../judge.js";
import type { Tier } from "../results.js";
import { content, contentKey, type Terms } from "./key.js";
import type { Item } from "./runner.js";

/** A job as it stands in Redis: what a student wrote, not who wrote it, and what it is to be graded with. */
export type Payload = z.infer<typeof payloadSchema>;

const payloadSchema = z.strictObject({
  key: z.string(),
  terms: z.strictObject({ graderVersion: z.string(), testsHash: z.string() }),
  tier: z.enum(["sandbox", "process", "none"]),
  lesson: z.string(),
  seed: z.string(),
  hidden: z.boolean(),
  exercise: z.string().optional(),
  source: z.string(),
  spans: z.array(z.strictObject({ name: z.string(), firstLine: z.number() })),
  exercises: z.array(
    z.tuple([
      z.string(),
      z.strictObject({
        state: z.enum(["answered", "untouched", "missing", "broken", "forbidden"]),
        message: z.string(),
      }),
    ]),
  ),
});

export function toPayload({ key, job }: Item, terms: Terms, tier: Tier): Payload {
  const { manifest, seed, hidden, exercise, submission } = job;
  const { lesson } = manifest;
  return {
    key,
    terms,
    tier,
    lesson,
    seed,
    hidden,
    ...(exercise !== undefined && { exercise }),
    ...content(submission),
  };
}

/** @throws UserError if it is none of ours */
export function parsePayload(data: unknown): Payload {
  const parsed = payloadSchema.safeParse(data);
  if (parsed.success) return parsed.data;
  throw new UserError("a job that no gradlab of this version has made, or that has expired");
}

/**
 * The job for this machine's judge, with this machine's tests.
 * @throws UserError if the course has no such lesson, or if the payload is not what its key says
 */
export function jobOf(course: Course, payload: Payload): Job {
  const { key, terms, tier, lesson, seed, hidden, exercise, source, spans, exercises } = payload;
  const files = filesOf(course, lesson);
  const submission = { source, spans, exercises: new Map(exercises), notes: [] };
  const job = {
    files,
    manifest: readManifest(files),
    submission,
    hidden,
    seed,
    ...(exercise !== undefined && { exercise }),
  };
  if (contentKey(job, terms, tier) !== key) throw new UserError("a job that is not what its key says");
  return job;
}

/** @throws UserError if the course has no such lesson */
export function filesOf(course: Course, lesson: string) {
  if (!course.lessonNames.includes(lesson))
    throw new UserError(`no lesson ${lesson} in this worker's course`);
  return course.files(lesson);
}
