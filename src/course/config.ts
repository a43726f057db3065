import { existsSync } from "node:fs";
import { join } from "node:path";
import { parse as parseYaml, YAMLParseError } from "yaml";
import { z } from "zod";
import { UserError } from "../errors.js";
import { defaultLimits, type Limits } from "../grader/limits.js";
import { readText } from "./notebook.js";

/** A course's configuration stands in its folder under this name. A course needs none. */
const configFile = "course.yaml";

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
  const { limits = {}, exercises = {} } = parseConfig(join(courseRoot, configFile));
  const own = new Map(Object.entries(exercises).map(([name, settings]) => [name, settings.limits]));
  return { limitsOf: (exercise) => ({ ...defaultLimits, ...limits, ...own.get(exercise) }) as Limits };
}

function parseConfig(file: string): z.infer<typeof configSchema> {
  if (!existsSync(file)) return {};
  let value: unknown;
  try {
    value = parseYaml(readText(file)) ?? {};
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    throw new UserError(`${file}: ${error.message}`);
  }
  const config = configSchema.safeParse(value);
  if (config.success) return config.data;
  const [{ path, message }] = config.error.issues;
  throw new UserError(`${file}: ${path.length > 0 ? `${path.join(".")}: ` : ""}${message}`);
}
