/** The checker of a notebook: answers `CheckRequest`s over IPC with a judge that it keeps, until the notebook's process ends. */
import { Judge } from "../grader/judge.js";
import type { CheckRequest, CheckResponse } from "./check.js";
import { checkCells } from "./check-exercise.js";
import { Course } from "./course.js";
import { messageOf } from "../errors.js";

const judges = new Map<string, Promise<Judge>>();
const judgeOf = (course: Course) => {
  const judge = judges.get(course.root) ?? Judge.start(course.root);
  judges.set(course.root, judge);
  return judge;
};

async function answer({ exercise, cells, directory }: CheckRequest): Promise<CheckResponse> {
  try {
    const course = Course.around(directory);
    const files = course.withExercise(exercise);
    return { outcome: await checkCells(await judgeOf(course), files, cells, exercise) };
  } catch (error) {
    return { error: messageOf(error) };
  }
}

process.on(
  "message",
  (request: CheckRequest) => void answer(request).then((response) => process.send?.(response)),
);
function leave(): never {
  // This process leads a group of its own; a submission under test, which may be in an endless loop, goes with it.
  if (process.platform !== "win32") process.kill(-process.pid, "SIGKILL");
  process.exit(0);
}

// The notebook may have ended while this process was starting.
if (process.connected) process.on("disconnect", leave);
else leave();
void judgeOf(Course.around());
