import { marked, type Token, type Tokens } from "marked";
import { UserError } from "../errors.js";
import { parseYaml } from "./yaml.js";

/** A master: one lesson as its author wrote it (Jupytext Markdown, see docs/authoring.md). */
export interface Lesson {
  /** The name of its folder, `03-chain-rule`. */
  name: string;
  title: string;
  minutes: number;
  /** The figures it must hold, by name, and what each shows. */
  figures: Record<string, string>;
  cells: LessonCell[];
}

export type LessonCell = MarkdownCell | WrittenCell | CodeCell | SharedCell | ExerciseCell;
interface CellBase {
  source: string;
  /** Line of the master at which it starts. */
  line: number;
}
export interface MarkdownCell extends CellBase {
  kind: "markdown";
}
/** A question that is answered in prose and marked by hand. */
export interface WrittenCell extends CellBase {
  kind: "written";
  name: string;
  points: number;
}
export interface CodeCell extends CellBase {
  kind: "code";
  /** Which of the lesson's figures it draws. */
  figure?: string;
}
/** Declarations given to the student that exercises use. */
export interface SharedCell extends CellBase {
  kind: "shared";
  name: string;
}
export interface ExerciseCell extends CellBase {
  kind: "exercise";
  name: string;
  points: number;
  /** Exports of gradlab that an answer may not use, because they are the answer. */
  forbid: string[];
}

type Attributes = Record<string, unknown>;

/** Parses a master. Mistakes are {@link UserError}s that name the line. */
export function parseLesson(name: string, text: string): Lesson {
  const master = `solutions/${name}/lesson.md`;
  const { header, body, bodyLine } = splitHeader(text.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n"), master);
  const builder = new CellBuilder(master, bodyLine);
  for (const token of marked.lexer(body)) builder.add(token);
  return { name, ...header, cells: builder.finish() };
}

function splitHeader(text: string, master: string) {
  const match = /^---\n([\s\S]*?)\n---\n/.exec(text);
  // With the line of dashes as an empty one, so that lines are counted as in the file.
  const fields = (match ? parseYaml(`\n${match[1]}`, master) : {}) as Record<
    "title" | "minutes" | "figures",
    unknown
  > | null;
  const { title, minutes, figures = {} } = fields ?? {};
  if (!match || typeof title !== "string" || typeof minutes !== "number")
    throw new UserError(
      `${master}: expected a YAML header with a title and minutes (--- title: … minutes: 75 ---)`,
    );
  if (!isTextRecord(figures))
    throw new UserError(`${master}: figures: expected a line "name: what it shows" for each figure`);
  return {
    header: { title, minutes, figures },
    body: text.slice(match[0].length),
    bodyLine: match[0].split("\n").length,
  };
}

function isTextRecord(value: unknown): value is Record<string, string> {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((text) => typeof text === "string")
  );
}

/** Collects Markdown tokens into cells: fences of TypeScript are code, the rest is prose cut where Jupytext cuts it. */
class CellBuilder {
  readonly #cells: LessonCell[] = [];
  readonly #master: string;
  #line: number;
  #prose = "";
  #proseLine = 0;
  #region: { attributes: Attributes; line: number } | undefined;

  constructor(master: string, line: number) {
    this.#master = master;
    this.#line = line;
  }

  add(token: Token): void {
    const line = this.#line;
    this.#line += token.raw.split("\n").length - 1;
    const fence = token.type === "code" ? (token as Tokens.Code) : undefined;
    if (fence?.lang && /^typescript\b/.test(fence.lang)) {
      this.#endProse();
      const attributes = parseAttributes(fence.lang.slice("typescript".length), this.#at(line));
      this.#cells.push(this.#codeCell(fence.text, attributes, line));
      return;
    }
    const comment =
      token.type === "html" ? /^<!--\s*#(region|endregion)\s*(.*?)\s*-->\s*$/.exec(token.raw) : null;
    if (comment) {
      this.#endProse();
      this.#region =
        comment[1] === "region"
          ? { attributes: parseAttributes(comment[2], this.#at(line)), line }
          : undefined;
      return;
    }
    if (this.#prose === "") this.#proseLine = line;
    this.#prose += token.raw;
    // Two blank lines end a cell of prose.
    if (!this.#region && /\n[ \t]*\n[ \t]*\n[ \t]*$/.test(this.#prose)) this.#endProse();
  }

  finish(): LessonCell[] {
    this.#endProse();
    const names = this.#cells.flatMap((cell) => ("name" in cell ? [cell.name] : []));
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined) throw new UserError(`${this.#master}: two cells are named ${twice}`);
    return this.#cells;
  }

  #endProse(): void {
    const source = this.#prose.trim();
    this.#prose = "";
    if (source === "") return;
    const line = this.#proseLine;
    const { written, points } = this.#region?.attributes ?? {};
    if (written === undefined) this.#cells.push({ kind: "markdown", source, line });
    else
      this.#cells.push({
        kind: "written",
        source,
        line,
        name: this.#name(written, line),
        points: this.#points(points, line),
      });
  }

  #codeCell(
    source: string,
    { exercise, shared, figure, points, forbid = [], ...rest }: Attributes,
    line: number,
  ): LessonCell {
    const unknown = Object.keys(rest)[0];
    if (unknown !== undefined)
      throw new UserError(
        `${this.#at(line)}: unknown attribute ${unknown}; known are exercise, points, forbid, shared and figure`,
      );
    if (shared !== undefined) return { kind: "shared", source, line, name: this.#name(shared, line) };
    if (figure !== undefined) return { kind: "code", source, line, figure: this.#name(figure, line) };
    if (exercise === undefined) return { kind: "code", source, line };
    if (!Array.isArray(forbid))
      throw new UserError(`${this.#at(line)}: forbid must be a list, as in forbid=["grad"]`);
    const name = this.#name(exercise, line);
    return {
      kind: "exercise",
      source,
      line,
      name,
      points: this.#points(points, line),
      forbid: forbid.map(String),
    };
  }

  #name(value: unknown, line: number): string {
    if (typeof value === "string" && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(value)) return value;
    throw new UserError(
      `${this.#at(line)}: a name is made of lower-case words joined by "-", not ${JSON.stringify(value)}`,
    );
  }

  #points(value: unknown, line: number): number {
    if (typeof value === "number" && value > 0) return value;
    throw new UserError(`${this.#at(line)}: expected points=N with N > 0, got ${JSON.stringify(value)}`);
  }

  #at(line: number): string {
    return `${this.#master}:${line}`;
  }
}

/** Jupytext's cell metadata: `key=value` with values in JSON, bare words allowed. */
function parseAttributes(text: string, where: string): Attributes {
  const attributes: Attributes = {};
  const rest = text.replace(
    /([\w-]+)=("(?:[^"\\]|\\.)*"|\[[^\]]*\]|[^\s"[\]]+)/g,
    (_all, key: string, value: string) => {
      try {
        attributes[key] = JSON.parse(value) as unknown;
      } catch {
        attributes[key] = value;
      }
      return "";
    },
  );
  if (rest.trim() !== "")
    throw new UserError(`${where}: cannot read ${rest.trim()}: attributes are written key=value`);
  return attributes;
}
