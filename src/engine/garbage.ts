import { setFlagsFromString } from "node:v8";
import { createContext, runInNewContext, Script } from "node:vm";

/**
 * Runs the garbage collector now, so thoroughly that weak references to everything out of use are empty afterwards.
 *
 * Two things stand against it. There is no function for it unless a flag asks for one; the flag is switched on for a
 * moment, and a new context then has the function. And a weak reference keeps its target until the running job ends,
 * which a training loop that never waits does not do; but a script in a context whose microtasks run after each
 * evaluation ends a job, too.
 */
export function collectGarbage(): void {
  collector ??= makeCollector();
  collector();
}

let collector: (() => void) | null = null;

function makeCollector(): () => void {
  setFlagsFromString("--expose-gc");
  const gc = runInNewContext("gc") as () => void;
  setFlagsFromString("--no-expose-gc");
  const context = createContext({}, { microtaskMode: "afterEvaluate" });
  const nothing = new Script("0");
  return () => {
    nothing.runInContext(context);
    gc();
  };
}
