import { loadEngine, type Engine } from "./load.js";

export type { Engine } from "./load.js";

/**
 * The engine, loaded when it is first needed; null if `GRADLAB_ENGINE=reference` asks for the plain TypeScript kernels, or
 * where memory cannot be shared and nothing else is asked for: they run in one thread and need none.
 *
 * @throws RangeError if GRADLAB_ENGINE is something else.
 */
export function engine(): Engine | null {
  if (chosen === undefined) chosen = choose();
  return chosen;
}

let chosen: Engine | null | undefined;

function choose(): Engine | null {
  const canShare = typeof SharedArrayBuffer !== "undefined";
  const name = process.env["GRADLAB_ENGINE"] ?? (canShare ? "wasm" : "reference");
  if (name === "reference") return null;
  if (name === "wasm") return loadEngine();
  throw new RangeError(`GRADLAB_ENGINE is ${JSON.stringify(name)}. Expected "wasm" or "reference".`);
}
