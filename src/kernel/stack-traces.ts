import { pathToFileURL } from "node:url";
import { compiledFile } from "../package.js";
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
    this.#scripts.delete(url); // So that the latest is the last.
    this.#scripts.set(url, emitted);
  }

  has(url: string): boolean {
    return this.#scripts.has(url);
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

  /** Where emitted code came from. */
  placeOf(url: string, emitted: Position): Place | undefined {
    // A script that V8 refuses has not got its name yet; it is the latest.
    const script =
      this.#scripts.get(url) ?? (url === unnamed ? [...this.#scripts.values()].at(-1) : undefined);
    return script && placeIn(script, emitted);
  }

  #format(error: Error, sites: CallSite[]): string {
    const frames = sites.map((site) => this.#frame(site));
    const place = frames.find((frame) => frame.place)?.place;
    if (place) this.#innermost.set(error, place);
    // Below the last frame of a cell there is only what ran the cell: this kernel, tslab, Node.
    const last = frames.findLastIndex((frame) => frame.emitted);
    const ran = frames.findIndex(
      ({ text }) => text && runners.some((runner) => text.replaceAll("\\", "/").includes(runner)),
    );
    const shown = last !== -1 ? frames.slice(0, last + 1) : ran !== -1 ? frames.slice(0, ran) : frames;
    const texts = shown.flatMap(({ text }) => (text && !between.test(text) ? [`    at ${text}`] : []));
    return [errorTitle(error), ...texts].join("\n");
  }

  #frame(site: CallSite): { text?: string; emitted: boolean; place?: Place } {
    const url = site.getScriptNameOrSourceURL();
    const script = url ? this.#scripts.get(url) : undefined;
    const [line, column] = [site.getLineNumber(), site.getColumnNumber()];
    if (!script || line === null || column === null) return { text: site.toString(), emitted: false };
    const place = placeIn(script, { line, column });
    // What the compiler added, and the call that starts a cell's wrapper, have no place in its source.
    if (!place) return { emitted: true };
    const text = site
      .toString()
      .replace(`${url}:${line}:${column}`, `${script.name}, line ${place.position.line}`)
      // A cell calls the functions of earlier cells as methods of tslab's proxy.
      .replace(/^(async )?Proxy\./, "$1");
    return { text, emitted: true, place };
  }
}

function placeIn(script: EmittedScript, { line, column }: Position): Place | undefined {
  const source = script.map?.source({ line, column: line === 1 ? column - script.columnsBefore : column });
  const position = source && { line: source.line - script.linesBefore, column: source.column };
  if (!position || position.line < 1 || position.line > script.source.split("\n").length) return undefined;
  return { script, position };
}

/** What Node's vm calls a script without a name. */
const unnamed = "evalmachine.<anonymous>";

/** What runs a cell, in an error that the cell has no frame in: its emitted code is refused by V8, for instance. */
const runners = ["(node:vm:", "/tslab/dist/", pathToFileURL(compiledFile("")).href];
/** Node's own steps from one piece of an asynchronous function to the next. */
const between = /\(?node:internal\/(process\/task_queues|timers|async_hooks)/;

/** The first lines of a stack as V8 writes them; an error that cannot even be printed still gets one. */
function errorTitle(error: Error): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return "Error";
  }
}
