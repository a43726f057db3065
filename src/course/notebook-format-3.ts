import type { Notebook, NotebookCell } from "./notebook.js";

/** What nbformat 3 has in place of cells: worksheets, usually one. */
interface Notebook3 {
  nbformat: 3;
  metadata?: Notebook["metadata"];
  worksheets: { cells: unknown[] }[];
}

interface Cell3 {
  cell_type?: unknown;
  /** The code of a code cell; other cells have a `source`. */
  input?: unknown;
  source?: unknown;
  level?: unknown;
  prompt_number?: unknown;
  metadata?: unknown;
}

export function isFormat3(notebook: object): notebook is Notebook3 {
  const { nbformat, worksheets } = notebook as Partial<Record<keyof Notebook3, unknown>>;
  const isSheet = (sheet: unknown) => Array.isArray((sheet as { cells?: unknown } | null)?.cells);
  return nbformat === 3 && Array.isArray(worksheets) && worksheets.every(isSheet);
}

/**
 * A notebook of format 3 as format 4, as Jupyter converts it. Outputs are left out: their shapes differ, and they are made anew
 * when the notebook runs. Cells that make no sense stay as they are; who reads format 4 will name them.
 */
export function upConvert({ metadata, worksheets }: Notebook3): Partial<Notebook> {
  const cells = worksheets.flatMap((sheet) => sheet.cells.map(upConvertCell));
  return { nbformat: 4, nbformat_minor: 0, metadata: metadata ?? {}, cells: cells as NotebookCell[] };
}

function upConvertCell(cell: unknown): unknown {
  if (typeof cell !== "object" || cell === null) return cell;
  const { cell_type, input, source, level, prompt_number, metadata = {} } = cell as Cell3;
  if (cell_type === "code")
    return {
      cell_type,
      metadata,
      source: input,
      outputs: [],
      execution_count: typeof prompt_number === "number" ? prompt_number : null,
    };
  if (cell_type === "heading") {
    const text = Array.isArray(source) ? source.join("") : String(source);
    const hashes = "#".repeat(typeof level === "number" && level >= 1 && level <= 6 ? level : 1);
    return { cell_type: "markdown", metadata, source: `${hashes} ${text.replaceAll("\n", " ")}` };
  }
  return { cell_type: cell_type === "html" ? "markdown" : cell_type, metadata, source };
}
