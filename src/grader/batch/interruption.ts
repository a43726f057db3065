import { messageOf } from "../../errors.js";
import { killChildren } from "./child-processes.js";

/** By what a shell ends a program, and the exit codes that say so. */
const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * What to do on Ctrl-C before the process ends: at the second, it ends at once. Returns a function that takes it back.
 * @param leave puts things in order. The process then ends with the exit code that it answers, or with the signal's own.
 */
export function onInterruption(leave: () => Promise<number | void>): () => void {
  let isLeaving = false;
  const handlers = Object.entries(exitCodes).map(([signal, code]) => {
    const end = (own: number | void) => {
      killChildren();
      process.exit(own ?? code);
    };
    const handler = () => {
      if (isLeaving) return end();
      isLeaving = true;
      leave().then(end, (error) => {
        console.error(`gradlab: ${messageOf(error)}`);
        end();
      });
    };
    process.on(signal, handler);
    return () => process.off(signal, handler);
  });
  return () => handlers.forEach((remove) => remove());
}
