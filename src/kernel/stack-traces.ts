import type { EmitMap, Position } from "./source-maps.js";

/** Code that TypeScript emitted and V8 runs. */
export interface EmittedScript {
  /** What people call it: `Cell [3]` or a file's path. */
  name: string;
  source: string;
  map: EmitMap | undefined;
  /** Lines put before the author's source when it was compiled. */
  linesBefore: number;
  /** Characters put before the first line of the emitted code when it is run. */
  columnsBefore: number;
}

export interface Place {
  script: EmittedScript;
  position: Position;
}

/** V8 prints a frame as `f (file:1:2)`, which Node's type leaves out. */
interface CallSite extends NodeJS.CallSite {
  toString(): string;
}

/** Names cells and their own lines in error stacks, instead of the JavaScript that was made of them. */
export class StackTraces {
  readonly #scripts = new Map<string, EmittedScript>();
  readonly #innermost = new WeakMap<Error, Place>();

  /** From now on `url`, the name by which V8 knows a script, stands for what was emitted. */
  add(url: string, emitted: EmittedScript): void {
    this.#scripts.set(url, emitted);
  }

  /**
   * Makes every `error.stack` of this process speak of cells. V8 calls `Error.prepareStackTrace` with the frames of
   * an error when its stack is first read.
   */
  install(): void {
    Error.stackTraceLimit = 30;
    Error.prepareStackTrace = (error, sites) => this.#format(error, sites);
  }

  /** The innermost place of an error's stack that lies in a cell, or in a file compiled with one. */
  innermost(error: Error): Place | undefined {
    void error.stack; // Formats it, if nobody has read it yet.
    return this.#innermost.get(error);
  }

  #format(error: Error, sites: CallSite[]): string {
    const frames = sites.map((site) => this.#frame(site));
    const place = frames.find((frame) => frame.place)?.place;
    if (place) this.#innermost.set(error, place);
    // Below the last frame of a cell there is only what ran the cell: this kernel, tslab, Node.
    const last = frames.findLastIndex((frame) => frame.emitted);
    const shown = last === -1 ? frames : frames.slice(0, last + 1);
    return [errorTitle(error), ...shown.flatMap(({ text }) => (text ? [`    at ${text}`] : []))].join("\n");
  }

  #frame(site: CallSite): { text?: string; emitted: boolean; place?: Place } {
    const url = site.getScriptNameOrSourceURL();
    const script = url ? this.#scripts.get(url) : undefined;
    const [line, column] = [site.getLineNumber(), site.getColumnNumber()];
    if (!script || line === null || column === null) return { text: site.toString(), emitted: false };
    const source = script.map?.source({ line, column: line === 1 ? column - script.columnsBefore : column });
    const position = source && { line: source.line - script.linesBefore, column: source.column };
    // What the compiler added, and the call that starts a cell's wrapper, have no place in its source.
    if (!position || position.line < 1 || position.line > script.source.split("\n").length)
      return { emitted: true };
    const text = site
      .toString()
      .replace(`${url}:${line}:${column}`, `${script.name}, line ${position.line}`)
      // A cell calls the functions of earlier cells as methods of tslab's proxy.
      .replace(/^(async )?Proxy\./, "$1");
    return { text, emitted: true, place: { script, position } };
  }
}

/** The first lines of a stack as V8 writes them; an error that cannot even be printed still gets one. */
function errorTitle(error: Error): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return "Error";
  }
}
