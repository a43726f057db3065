import { readFileSync } from "node:fs";
import { messageOf, UserError } from "../errors.js";
import { isFormat3, upConvert } from "./notebook-format-3.js";

/** The parts of nbformat 4 that gradlab reads and writes. */
export interface Notebook {
  nbformat: 4;
  nbformat_minor: number;
  metadata: {
    kernelspec?: { name: string; display_name: string; language?: string };
    language_info?: { name: string; [key: string]: unknown };
    gradlab?: { lesson: string };
    [key: string]: unknown;
  };
  cells: NotebookCell[];
}

export interface NotebookCell {
  cell_type: "markdown" | "code" | "raw";
  id?: string;
  metadata: Record<string, unknown>;
  /** Text, whole or as lines. */
  source: string | string[];
  outputs?: unknown[];
  execution_count?: number | null;
}

export function sourceOf(cell: NotebookCell): string {
  return (Array.isArray(cell.source) ? cell.source.join("") : cell.source).replace(/\r\n?/g, "\n");
}

/** Reads a notebook. Whatever is wrong with it is one line: a {@link UserError} that names the file. */
export function readNotebook(file: string): Notebook {
  return parseNotebook(readText(file), file);
}

/** @param options `fatal`: what is not text in an encoding that is read is refused, not made readable */
export function readText(file: string, options: { fatal?: boolean } = {}): string {
  try {
    return decodeText(readFileSync(file), options);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT") throw new UserError(`${file}: no such file`);
    if (code === "EISDIR") throw new UserError(`${file}: is a directory; name a file`);
    if (code === "ERR_ENCODING_INVALID_ENCODED_DATA")
      throw new UserError(`${file}: neither UTF-8 nor UTF-16: save it as UTF-8 (Excel: "CSV UTF-8")`);
    throw new UserError(`${file}: cannot be read: ${messageOf(error)}`);
  }
}

/** The text of a file: UTF-8, or UTF-16 if it begins with that mark, as some editors on Windows write it. */
export function decodeText(bytes: Uint8Array, options: { fatal?: boolean } = {}): string {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
  return new TextDecoder(encoding, options).decode(bytes);
}

/** Reads format 4, and format 3 by converting it. */
export function parseNotebook(text: string, file: string): Notebook {
  let notebook: Partial<Notebook> | null;
  try {
    notebook = JSON.parse(text) as Partial<Notebook> | null;
  } catch (error) {
    throw new UserError(`${file}: not a notebook: the JSON is damaged or cut off (${messageOf(error)})`);
  }
  if (notebook !== null && typeof notebook === "object" && isFormat3(notebook))
    notebook = upConvert(notebook);
  if (notebook === null || typeof notebook !== "object" || !Array.isArray(notebook.cells))
    throw new UserError(`${file}: not a notebook: it has no list of cells`);
  if (notebook.nbformat !== 4)
    throw new UserError(
      `${file}: notebook format ${JSON.stringify(notebook.nbformat)}; expected 4: open and save it in a current Jupyter`,
    );
  const bad = notebook.cells.findIndex((cell) => !isCell(cell));
  if (bad >= 0) throw new UserError(`${file}: not a notebook: cell ${bad + 1} has no type or source`);
  const { kernelspec, language_info } = notebook.metadata ?? {};
  const language: unknown = kernelspec?.language ?? language_info?.name;
  if (typeof language === "string" && !/^typescript$/i.test(language))
    throw new UserError(`${file}: a notebook in ${language}; expected TypeScript`);
  return { ...notebook, metadata: notebook.metadata ?? {} } as Notebook;
}

function isCell(cell: unknown): cell is NotebookCell {
  const { cell_type, source } = (cell ?? {}) as Partial<NotebookCell>;
  const isText =
    typeof source === "string" || (Array.isArray(source) && source.every((line) => typeof line === "string"));
  return isText && (cell_type === "markdown" || cell_type === "code" || cell_type === "raw");
}

/** A notebook file as Jupyter writes it: one space of indentation, a line per line of source, a final newline. */
export function formatNotebook(notebook: Notebook): string {
  const cells = notebook.cells.map((cell) => ({ ...cell, source: splitLines(sourceOf(cell)) }));
  return JSON.stringify({ ...notebook, cells }, null, 1) + "\n";
}

function splitLines(text: string): string[] {
  return text === "" ? [] : text.split(/(?<=\n)/);
}
