import { analyzeCell, cellTag, type Cell, type CellAnalysis, type CellImport } from "./cells.js";
import { compileError } from "./compile.js";
import { tangleModule, type CellSpan, type ModuleCell } from "./module.js";
import { isUntouched } from "./solution-regions.js";
import type { LessonManifest, ManifestExercise } from "./tangle.js";

/** A submission ready to be tested: one module, and what was found of each exercise on the way. */
export interface Assembled {
  source: string;
  spans: CellSpan[];
  exercises: Map<string, ExerciseState>;
  /** What an instructor should know: recovered, duplicate and missing cells. */
  notes: string[];
}

export interface ExerciseState {
  state: "answered" | "untouched" | "missing" | "broken" | "forbidden";
  /** For every state but "answered": what is wrong and what to do. */
  message: string;
}

/**
 * Puts a student's cells into the lesson's frame. Given code comes from the lesson; each answer from the cell that carries the
 * exercise's tag, wherever it stands, or, failing that, from a cell that declares its names. A missing or broken answer is replaced
 * by declarations that throw, so that the others still count.
 */
export function assemble(manifest: LessonManifest, cells: readonly Cell[]): Assembled {
  const notes: string[] = [];
  const exercises = new Map<string, ExerciseState>();
  const finder = new AnswerFinder(manifest, cells, notes);
  const own: ModuleCell[] = finder.helpers();
  const helpers = own.map(({ source }) => analyzeCell(source));
  const taken = new Map<string, string>();
  const modules: ModuleCell[] = [];
  const absent: { exercise: ManifestExercise; message: string; at: number }[] = [];
  const importing = [...manifest.imports, ...cells.map(({ source }) => source)];
  const imports = importing.flatMap((source) => analyzeCell(source).imports);
  for (const cell of manifest.cells) {
    const tag = { kind: cell.kind, name: cell.name };
    if (cell.kind === "shared") {
      declare(cell.name, analyzeCell(cell.source), taken);
      modules.push({ tag, source: cell.source });
      continue;
    }
    const answer = finder.find(cell);
    const problem = answer ? judge(cell, answer, helpers, imports, taken) : absence(cell, finder);
    exercises.set(cell.name, problem ?? { state: "answered", message: "" });
    if (answer === undefined || (problem && problem.state !== "untouched")) {
      absent.push({ exercise: cell, message: problem?.message ?? "", at: modules.length });
      modules.push({ tag, source: "" });
      continue;
    }
    finder.place(answer);
    declare(cell.name, analyzeCell(answer.source), taken);
    modules.push({ tag, source: answer.source });
  }
  // Last, because a later cell may declare the name after all: two declarations would keep the whole module from loading.
  for (const { exercise, message, at } of absent) {
    const names = exercise.exports.filter((name) => !taken.has(name));
    modules[at].source = throwing(exercise.name, names, message);
  }
  const firstExercise = manifest.cells.findIndex(({ kind }) => kind === "exercise");
  const sound = own.filter(({ source, tag }) => isSound(tag.name, source, taken, notes));
  modules.splice(Math.max(0, firstExercise), 0, ...sound);
  const { text, spans } = tangleModule(`${manifest.title} – submission.`, modules, importing);
  return { source: text, spans, exercises, notes };
}

interface Answer {
  source: string;
  /** Untagged cells among its sources. */
  recovered: Cell[];
  /** Some of its names are declared by a cell that another exercise brought along: one cell, or file, may hold several answers. */
  isElsewhere: boolean;
}

/** Finds which cells answer which exercise. */
class AnswerFinder {
  readonly #tagged = new Map<string, Cell[]>();
  readonly #untagged: { cell: Cell; analysis: CellAnalysis }[] = [];
  readonly #placed = new Set<Cell>();
  readonly #helpers: ModuleCell[] = [];
  readonly #notes: string[];

  constructor(manifest: LessonManifest, cells: readonly Cell[], notes: string[]) {
    this.#notes = notes;
    const given = new Set(manifest.cells.map(({ kind, name }) => `${kind} ${name}`));
    for (const cell of cells) {
      const tag = cellTag(cell.source);
      if (tag?.kind === "exercise") {
        const known = this.#tagged.get(tag.name);
        if (known) known.push(cell);
        else this.#tagged.set(tag.name, [cell]);
        if (!given.has(`exercise ${tag.name}`))
          notes.push(`${cell.origin}: ${manifest.lesson} has no exercise ${tag.name}`);
      } else if (tag) {
        if (!given.has(`shared ${tag.name}`)) this.#helpers.push({ tag, source: cell.source });
      } else {
        this.#untagged.push({ cell, analysis: analyzeCell(cell.source) });
      }
    }
  }

  /** Cells that students tagged `@shared` themselves, for helpers that several answers use. */
  helpers(): ModuleCell[] {
    return [...new Map(this.#helpers.map((helper) => [helper.tag.name, helper])).values()];
  }

  find(exercise: ManifestExercise): Answer | undefined {
    const tagged = this.#tagged.get(exercise.name) ?? [];
    const found = tagged.length > 0 ? this.#merge(exercise, tagged) : undefined;
    // What was retyped or split off without the tag is known by the names it declares.
    const declared = found === undefined ? [] : analyzeCell(found).declared;
    const missing = exercise.exports.filter((name) => !declared.includes(name));
    const parts = new Set(
      missing.flatMap(
        (name) => this.#untagged.findLast(({ analysis }) => offers(analysis, name))?.cell ?? [],
      ),
    );
    const fresh = [...parts].filter((cell) => !this.#placed.has(cell));
    for (const { origin } of fresh)
      this.#notes.push(`${exercise.name}: taken from ${origin} by the names it declares, as it has no tag`);
    if (found === undefined && parts.size === 0) return undefined;
    const sources = [...(found === undefined ? [] : [found]), ...fresh.map(({ source }) => source)];
    return { source: sources.join("\n"), recovered: fresh, isElsewhere: fresh.length < parts.size };
  }

  /** Where a name is declared that its file keeps to itself. */
  findHidden(names: readonly string[]): { name: string; origin: string } | undefined {
    for (const { cell, analysis } of this.#untagged)
      for (const name of names)
        if (analysis.declared.includes(name) && !offers(analysis, name)) return { name, origin: cell.origin };
    return undefined;
  }

  /** An answer is in the module: what its recovered cells declare is there for other exercises, too. */
  place({ recovered }: Answer): void {
    for (const cell of recovered) this.#placed.add(cell);
  }

  /** Several cells of one exercise are either parts of it (a split cell) or versions of it, of which the last counts. */
  #merge(exercise: ManifestExercise, cells: readonly Cell[]): string {
    const attempted = cells.filter(({ source }) => !isUntouched(source, exercise.name));
    const versions = [
      ...new Map((attempted.length > 0 ? attempted : cells).map((cell) => [cell.source, cell])).values(),
    ];
    if (versions.length === 1) return versions[0].source;
    const names = versions.flatMap(({ source }) => analyzeCell(source).declared);
    const origins = versions.map(({ origin }) => origin).join(", ");
    if (new Set(names).size === names.length) {
      this.#notes.push(`${exercise.name}: put together from ${origins}`);
      return versions.map(({ source }) => source).join("\n");
    }
    this.#notes.push(`${exercise.name}: answered in ${origins}; the last one counts`);
    return versions.at(-1)!.source;
  }
}

/** Whether a cell declares a name for others. One that exports anything says by that what it keeps to itself. */
function offers({ declared, exported }: CellAnalysis, name: string): boolean {
  return exported.includes(name) || (exported.length === 0 && declared.includes(name));
}

/** What keeps an answer from being tested as it stands, if anything. */
function judge(
  exercise: ManifestExercise,
  answer: Answer,
  helpers: readonly CellAnalysis[],
  imports: readonly CellImport[],
  taken: ReadonlyMap<string, string>,
): ExerciseState | undefined {
  const { name, exports, forbid } = exercise;
  const analysis = analyzeCell(answer.source);
  const syntaxError = syntaxErrorOf(answer.source);
  if (syntaxError)
    return {
      state: "broken",
      message: `syntax error in line ${syntaxError.line} of the cell: ${syntaxError.message}`,
    };
  const absent = exports.filter(
    (required) => !analysis.declared.includes(required) && !(answer.isElsewhere && taken.has(required)),
  );
  if (absent.length > 0)
    return {
      state: "broken",
      message: `${absent.join(", ")} is not declared at the top level of the cell: keep the names as given`,
    };
  const forbidden = forbiddenUse(analysis, helpers, imports, forbid);
  if (forbidden !== undefined)
    return {
      state: "forbidden",
      message: `${forbidden} from gradlab is what this exercise asks you to write: do without it`,
    };
  const clash = analysis.declared.find((declared) => taken.has(declared));
  if (clash !== undefined)
    return {
      state: "broken",
      message: `${clash} is declared in the cell ${taken.get(clash)} too: give one of them another name`,
    };
  if (isUntouched(answer.source, name)) return { state: "untouched", message: "not started" };
  return undefined;
}

function absence({ name, exports }: ManifestExercise, finder: AnswerFinder): ExerciseState {
  const hidden = finder.findHidden(exports);
  if (hidden)
    return {
      state: "broken",
      message: `${hidden.name} is not exported in ${hidden.origin}: write export before its declaration`,
    };
  return {
    state: "missing",
    message: `no cell has the tag /** @exercise ${name} */ or declares ${exports.join(", ")}`,
  };
}

/**
 * The first forbidden export of gradlab that an answer uses, by whatever name some cell imported it, itself or through helpers. Where all of
 * gradlab is taken in a way that only running it would tell more of, that counts as the first that is forbidden.
 */
function forbiddenUse(
  answer: CellAnalysis,
  helpers: readonly CellAnalysis[],
  imports: readonly CellImport[],
  forbid: readonly string[],
): string | undefined {
  const fromGradlab = imports.filter(({ module }) => isGradlab(module));
  const namespaces = fromGradlab.flatMap(({ namespaceName }) => namespaceName ?? []);
  const named = fromGradlab.flatMap(({ named: names }) => names);
  const cells = [
    answer,
    ...helpers.filter(({ declared }) => declared.some((name) => answer.identifiers.has(name))),
  ];
  const used = cells.flatMap((cell) => [
    ...named.filter(({ local }) => cell.identifiers.has(local) && !cell.declared.includes(local)),
    ...cell.memberAccesses
      .filter(({ object }) => namespaces.includes(object))
      .map(({ name }) => ({ imported: name })),
  ]);
  const isWhole = cells.some(
    ({ wholes, bound, dynamicImports }) =>
      namespaces.some((name) => wholes.has(name) && !bound.has(name)) ||
      dynamicImports.some((module) => module === "" || isGradlab(module)),
  );
  return (
    used.find(({ imported }) => forbid.includes(imported))?.imported ?? (isWhole ? forbid.at(0) : undefined)
  );
}

function isGradlab(module: string): boolean {
  return module === "gradlab" || module.startsWith("gradlab/");
}

function declare(cell: string, { declared }: CellAnalysis, taken: Map<string, string>): void {
  for (const name of declared) taken.set(name, cell);
}

/** Found by the parser or, in what it lets pass, by the compiler. */
function syntaxErrorOf(source: string): { line: number; message: string } | undefined {
  return analyzeCell(source).syntaxErrors.at(0) ?? compileError(source);
}

function isSound(name: string, source: string, taken: Map<string, string>, notes: string[]): boolean {
  const analysis = analyzeCell(source);
  const clash = analysis.declared.find((declared) => taken.has(declared));
  const problem =
    syntaxErrorOf(source)?.message ?? (clash && `${clash} is declared in the cell ${taken.get(clash)} too`);
  if (problem) notes.push(`the cell @shared ${name} was left out: ${problem}`);
  else declare(name, analysis, taken);
  return !problem;
}

/** Stands in for an answer that cannot run: its names exist, and using them says why. */
function throwing(exercise: string, names: readonly string[], message: string): string {
  const error = JSON.stringify(`exercise ${exercise}: ${message}`);
  return names.map((exported) => `function ${exported}(): never { throw new Error(${error}); }`).join("\n");
}
