import { basename } from "node:path";
import type * as Typescript from "@tslab/typescript-for-tslab";

/** What cells find in the global scope beside Node's own, as a browser has it. */
export interface SessionGlobals {
  prompt(message?: unknown): string | null;
}

const declarations = `
/** Asks the person at the keyboard for a line of text and waits for it; \`null\` at the end of the input. */
declare function prompt(message?: unknown): string | null;
`;

/** Makes the compiler know them: as part of the one library file that every program has. */
export function declareGlobals(sys: Typescript.System): void {
  const disk = { ...sys };
  sys.readFile = (path, encoding) => {
    const text = disk.readFile(path, encoding);
    return text !== undefined && basename(path) === "lib.es5.d.ts" ? text + declarations : text;
  };
}

/** `globalThis` gets them; user code may replace them. */
export function defineGlobals(globals: SessionGlobals): void {
  Object.assign(globalThis, globals);
}
