// Mutation score of lessons: StrykerJS changes every reference answer in small ways, and the lesson's tests must notice.
//   node scripts/mutation-score.js [LESSON…] [--minimum 95]
// Writes docs/mutation/NN-topic.md. Fails below the minimum, or if a survivor is not accounted for. Survivors that behave as the
// original does are listed in solutions/NN-topic/equivalent-mutants.yaml:
//   - exercise: NAME
//     change: "a < b → a <= b"     as this script prints it
//     reason: why no test can tell
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { Instrumenter } from "@stryker-mutator/instrumenter";
import { parse as parseYaml } from "yaml";
import { assemble } from "../dist/course/assemble.js";
import { cellTag } from "../dist/course/cells.js";
import { Course, readLesson } from "../dist/course/course.js";
import { splitModule } from "../dist/course/module.js";
import { manifestOf, tangle } from "../dist/course/tangle.js";
import { Judge } from "../dist/grader/judge.js";
import { ProgressBar } from "../dist/plot/progress-bar.js";

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { minimum: { type: "string", default: "95" } },
});
const course = Course.around();
const judge = await Judge.start(course.root, { workers: availableParallelism() });
let failed = false;
try {
  for (const files of course.select(positionals)) if (!(await scoreOf(files))) failed = true;
} finally {
  await judge.close();
}
process.exitCode = failed ? 1 : 0;

async function scoreOf(files) {
  const lesson = readLesson(files);
  const manifest = manifestOf(lesson);
  const reference = splitModule(tangle(lesson, "solution").text, "solution.ts");
  const mutants = [];
  for (const cell of lesson.cells) {
    if (cell.kind !== "exercise") continue;
    const { source } = reference.find((candidate) => cellTag(candidate.source)?.name === cell.name);
    for (const mutant of await mutantsOf(source)) mutants.push({ exercise: cell.name, ...mutant });
  }
  const progress = new ProgressBar(`${lesson.name}: mutants`, mutants.length);
  let done = 0;
  const verdicts = await Promise.all(
    mutants.map(async ({ exercise, source }) => {
      const submission = assemble(manifest, replaced(reference, exercise, source));
      const job = { files, manifest, submission, hidden: true, seed: "mutation", exercise };
      const verdict = await judge.test(job);
      progress.update(++done);
      return verdict;
    }),
  );
  progress.finish();
  const listFile = join(dirname(files.master), "equivalent-mutants.yaml");
  const known = existsSync(listFile) ? (parseYaml(readFileSync(listFile, "utf8")) ?? []) : [];
  verdicts.forEach((verdict, i) => {
    const mutant = mutants[i];
    const result = verdict.exercises.find(({ name }) => name === mutant.exercise);
    mutant.killed = result.score < result.points;
    mutant.reason = known.find(
      ({ exercise, change }) => exercise === mutant.exercise && change === mutant.change,
    )?.reason;
  });
  return report(lesson, mutants, known, Number(values.minimum));
}

async function mutantsOf(source) {
  const quiet = Object.fromEntries(
    [
      "isTraceEnabled",
      "isDebugEnabled",
      "isInfoEnabled",
      "trace",
      "debug",
      "info",
      "warn",
      "error",
      "fatal",
    ].map((name) => [name, () => false]),
  );
  const instrumenter = new Instrumenter(quiet);
  const { mutants } = await instrumenter.instrument([{ name: "cell.ts", content: source, mutate: true }], {
    ignorers: [],
    excludedMutations: [],
    mutateDescription: true,
    noHeader: true,
  });
  const starts = [0];
  for (const line of source.split("\n")) starts.push(starts.at(-1) + line.length + 1);
  const position = ({ line, column }) => starts[line] + column;
  return mutants
    .filter(({ statusReason }) => statusReason === undefined)
    .map(({ location, replacement }) => {
      const [start, end] = [position(location.start), position(location.end)];
      const change = `${source.slice(start, end)} → ${replacement}`.replace(/\s+/g, " ");
      const lineNumber = location.start.line;
      return {
        change,
        context: source.split("\n")[lineNumber].trim(),
        source: source.slice(0, start) + replacement + source.slice(end),
      };
    });
}

/** The cells with another source, which begins with the exercise's tag, in the place of one. */
function replaced(cells, exercise, source) {
  return cells.map((cell) => (cellTag(cell.source)?.name === exercise ? { source, origin: "mutant" } : cell));
}

function report(lesson, mutants, known, minimum) {
  const survivors = mutants.filter(({ killed }) => !killed);
  const equivalent = survivors.filter(({ reason }) => reason !== undefined);
  const open = survivors.filter(({ reason }) => reason === undefined);
  const killed = mutants.length - survivors.length;
  const score = (100 * killed) / (mutants.length - equivalent.length);
  const unused = known.filter(
    ({ exercise, change }) =>
      !equivalent.some((mutant) => mutant.exercise === exercise && mutant.change === change),
  );
  const names = [...new Set(mutants.map(({ exercise }) => exercise))];
  const row = (name) => {
    const own = mutants.filter(({ exercise }) => exercise === name);
    const alive = own.filter(({ killed }) => !killed);
    const excused = alive.filter(({ reason }) => reason !== undefined).length;
    return `| ${name} | ${own.length} | ${own.length - alive.length} | ${excused} | ${alive.length - excused} |`;
  };
  const code = (text) => "`" + text.replaceAll("`", "'").replaceAll("|", "\\|").slice(0, 200) + "`";
  const list = (found, why) =>
    found.map(
      (mutant) => `- ${mutant.exercise}, ${code(mutant.context)}: ${code(mutant.change)}${why(mutant)}`,
    );
  const text = [
    `# Mutation score of ${lesson.name}`,
    "",
    `StrykerJS changed the reference answers in ${mutants.length} ways; the lesson's tests noticed ${killed}, and ` +
      `${equivalent.length} behave as the original does: **${score.toFixed(1)} %** of the others. ` +
      `Made by \`node scripts/mutation-score.js ${lesson.name}\`.`,
    "",
    "| exercise | mutants | noticed | equivalent | unnoticed |",
    "|---|---|---|---|---|",
    ...names.map(row),
    "",
    ...(equivalent.length > 0
      ? ["## Equivalent", "", ...list(equivalent, ({ reason }) => ` – ${reason}`), ""]
      : []),
    ...(open.length > 0 ? ["## Unnoticed", "", ...list(open, () => ""), ""] : []),
  ];
  mkdirSync("docs/mutation", { recursive: true });
  writeFileSync(`docs/mutation/${lesson.name}.md`, text.join("\n"));
  console.log(
    `${lesson.name}: ${score.toFixed(1)} % of ${mutants.length - equivalent.length} mutants noticed`,
  );
  for (const { exercise, change, context } of open)
    console.log(`  unnoticed in ${exercise}: ${change}   in: ${context}`);
  for (const { exercise, change } of unused) console.log(`  not among the survivors: ${exercise}: ${change}`);
  return score >= minimum && unused.length === 0;
}
