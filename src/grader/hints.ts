import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import type { LessonFiles } from "../course/course.js";
import { isObject, readDerivedJson } from "../course/derived-json.js";
import type { ExerciseResult, TestResult } from "./results.js";

/**
 * The hints of a lesson's known wrong answers, by exercise and by the fingerprint of how such an answer fails the public tests
 * (`exercises/NN-topic/hints.json`, written by `gradlab validate --update`). It tells no answer: a fingerprint is a hash.
 */
export type Hints = Record<string, Record<string, string>>;

/** @throws UserError if the file is damaged */
export function readHints({ name, hints }: LessonFiles): Hints {
  if (!existsSync(hints)) return {};
  return readDerivedJson(hints, {
    shown: `exercises/${name}/hints.json`,
    expected: "the hints of each exercise, by fingerprint",
    isSound: isHints,
    cure: `gradlab validate --update ${name}`,
  });
}

function isHints(value: unknown): value is Hints {
  return (
    isObject(value) &&
    Object.values(value).every(
      (hints) => isObject(hints) && Object.values(hints).every((hint) => typeof hint === "string"),
    )
  );
}

/** The hint for a known mistake, if the exercise failed exactly as that mistake does. */
export function findHint(hints: Hints, exercise: ExerciseResult): string | undefined {
  const known = hints[exercise.name];
  return known && Object.hasOwn(known, fingerprint(exercise)) ? known[fingerprint(exercise)] : undefined;
}

/** Which public tests fail and with which values, in a few characters. Public tests are the same for everyone. */
export function fingerprint({ tests }: Pick<ExerciseResult, "tests">): string {
  const failures = tests.filter(({ hidden, status }) => !hidden && status !== "passed").map(describe);
  return createHash("sha256").update(failures.join("\n")).digest("hex").slice(0, 12);
}

function describe({ name, status, message, comparison }: TestResult): string {
  // Numbers to six digits: the same mistake in another order of operations is the same mistake.
  const received = (comparison?.received ?? message).replace(/-?\d+\.\d+(e[-+]?\d+)?/g, (number) =>
    Number(number).toPrecision(6),
  );
  // Where in the cell an error arose says nothing of the mistake.
  return `${name}: ${status}: ${received.replace(/ \((cell .*, )?line \d+\)/g, "")}`;
}
