import { loadEngine, type Engine } from "./load.js";

export type { Engine } from "./load.js";

/**
 * The engine, loaded when it is first needed; null if `GRADLAB_ENGINE=reference` asks for the plain TypeScript kernels.
 *
 * @throws RangeError if GRADLAB_ENGINE is something else.
 */
export function engine(): Engine | null {
  if (chosen === undefined) chosen = choose();
  return chosen;
}

let chosen: Engine | null | undefined;

function choose(): Engine | null {
  const name = process.env["GRADLAB_ENGINE"] ?? "wasm";
  if (name === "reference") return null;
  if (name === "wasm") return loadEngine();
  throw new RangeError(`GRADLAB_ENGINE is ${JSON.stringify(name)}. Expected "wasm" or "reference".`);
}
