import { availableParallelism } from "node:os";
import type { Command } from "commander";
import { Course } from "../course/course.js";
import { onInterruption } from "../grader/batch/interruption.js";
import { chooseIsolation, type SandboxChoice } from "../grader/isolation.js";
import { courseOption, type CourseOption } from "./course-option.js";
import { jobsOption } from "./jobs-option.js";
import { sandboxOption } from "./sandbox-option.js";

interface WorkerCommandOptions extends CourseOption {
  queue: string;
  jobs?: number;
  sandbox: SandboxChoice;
}

/** `gradlab worker`: one of the machines behind `gradlab grade --queue`. */
export function register(program: Command): void {
  courseOption(program.command("worker"))
    .description("grade submissions that `gradlab grade --queue` hands in, until it is told to stop")
    .requiredOption("--queue <url>", "the Redis or Valkey where they wait")
    .addOption(jobsOption())
    .addOption(sandboxOption())
    .addHelpText(
      "after",
      "\nExamples:\n  gradlab worker --queue redis://localhost:6379\n  gradlab worker --queue rediss://user:password@queue.example.org:6380 --course course --jobs 8",
    )
    .action(runWorker);
}

async function runWorker({
  course: root,
  queue,
  jobs = availableParallelism(),
  sandbox,
}: WorkerCommandOptions): Promise<void> {
  const { tier } = chooseIsolation(sandbox);
  const course = root === undefined ? Course.around() : new Course(root);
  // BullMQ is loaded only where there is a queue.
  const { QueueWorker } = await import("../grader/batch/queue-worker.js");
  const worker = await QueueWorker.connect(queue, { course, jobs, tier });
  onInterruption(async () => {
    console.error("gradlab: finishing what was begun; once more ends at once");
    await worker.close();
    console.error(`gradlab: graded ${worker.graded}`);
    return 0;
  });
  worker.start();
  console.error(
    `gradlab: waiting for submissions at ${worker.shownUrl}: ${jobs} at a time, isolation: ${tier}`,
  );
}
