import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../errors.js";
import { defaultLimits, type Limits } from "../grader/limits.js";
import type { Course } from "./course.js";
import { readText } from "./notebook.js";
import { parseYaml } from "./yaml.js";

/** A course's configuration stands in its folder under this name. A course needs none. */
export const configFile = "course.yaml";

const amount = z.number().positive();
const count = z.int().positive();
const limitsSchema = z
  .strictObject({
    wallSeconds: amount,
    cpuSeconds: amount,
    memoryMegabytes: count,
    processes: count,
    fileMegabytes: count,
    outputMegabytes: amount,
    resultMegabytes: amount,
    resultItems: count,
    resultDepth: count,
  } satisfies Record<keyof Limits, z.ZodType<number>>)
  .partial();

const configSchema = z.strictObject({
  /** For all exercises. */
  limits: limitsSchema.optional(),
  /** For one exercise, by its name. */
  exercises: z.record(z.string(), z.strictObject({ limits: limitsSchema })).optional(),
});

/** What a course sets for all its lessons. */
export interface CourseConfig {
  /** What submissions may use for an exercise. */
  limitsOf(exercise: string): Limits;
}

/** @throws UserError if there is a configuration and it says something that it cannot say. */
export function readConfig(courseRoot: string): CourseConfig {
  const { limits = {}, exercises = {} } = readSettings(courseRoot);
  const own = new Map(Object.entries(exercises).map(([name, settings]) => [name, settings.limits]));
  return { limitsOf: (exercise) => ({ ...defaultLimits, ...limits, ...own.get(exercise) }) as Limits };
}

/** @throws UserError if the configuration names exercises that no lesson has: their limits would never count. */
export function checkExercises(course: Course): void {
  const { exercises = {} } = readSettings(course.root);
  const asked = Object.keys(exercises);
  const known = asked.length > 0 ? course.exerciseNames : [];
  const unknown = asked.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new UserError(
      `${configFile}: exercises: no lesson has ${unknown.join(", ")}; there are: ${known.join(", ")}`,
    );
}

/** What the configuration says, checked; nothing if there is none. @throws UserError as {@link readConfig} does */
export function readSettings(courseRoot: string): z.infer<typeof configSchema> {
  const file = join(courseRoot, configFile);
  if (!existsSync(file)) return {};
  const config = configSchema.safeParse(parseYaml(readText(file), file) ?? {});
  if (config.success) return config.data;
  const [{ path, message }] = config.error.issues;
  throw new UserError(`${file}: ${path.length > 0 ? `${path.join(".")}: ` : ""}${message}`);
}
