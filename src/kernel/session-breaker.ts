import { Session as Inspector } from "node:inspector";
import type { MessagePort } from "node:worker_threads";

/** What the main thread of a session shares with the thread that guards it. */
export interface GuardData {
  /** Where answers to the session's questions come out in the main thread. */
  inputPort: MessagePort;
  /** Counts the answers, for a main thread that waits for the next. */
  inputSignal: Int32Array;
}

const globalName = "gradlab.break";

/** What the guarding thread has the main thread evaluate, wherever that is, to stop the code of a request. */
export function breakExpression(id: number): string {
  return `globalThis[Symbol.for(${JSON.stringify(globalName)})](${id})`;
}

/**
 * Stops user code that nothing else stops: a synchronous loop, wherever it was called from.
 */
export class Breaker {
  #shielded = 0;
  #inspector: Inspector | undefined;

  /** `isOver(id)` tells whether a request needs no stopping any more. */
  constructor(isOver: (id: number) => boolean) {
    Object.defineProperty(globalThis, Symbol.for(globalName), {
      value: (id: number) => {
        if (isOver(id)) return "over";
        if (this.#shielded === 0) this.#break();
        return "stopped";
      },
    });
  }

  /** Runs code of the kernel's, such as the compiler, which must not be cut off in the middle. */
  shield<T>(work: () => T): T {
    this.#shielded += 1;
    try {
      return work();
    } finally {
      this.#shielded -= 1;
    }
  }

  /** All JavaScript on the stack ends here, without `catch` or `finally`; the event loop goes on. */
  #break(): void {
    if (!this.#inspector) {
      this.#inspector = new Inspector();
      this.#inspector.connect();
    }
    asyncStack?.abandon();
    this.#inspector.post("Runtime.terminateExecution");
  }

  /** To be called when code of the kernel's runs again, which no one stops. */
  recover(): void {
    asyncStack?.recover();
  }
}

interface AsyncWrap {
  clearAsyncIdStack: () => void;
  async_hook_fields: Uint32Array;
  constants: { kTotals: number; kCheck: number };
}

/**
 * Node keeps a stack of the asynchronous operations that it is in, and ends the process when it does not add up, as after code that
 * has been cut off. So it must not look until the stack has been emptied, as Node itself does after an uncaught exception.
 */
class AsyncStack {
  readonly #wrap: AsyncWrap;
  #abandoned: { totals: number; check: number } | undefined;

  constructor(wrap: AsyncWrap) {
    this.#wrap = wrap;
  }

  abandon(): void {
    const { async_hook_fields: fields, constants } = this.#wrap;
    const { kTotals, kCheck } = constants;
    this.#abandoned ??= { totals: fields[kTotals], check: fields[kCheck] };
    fields[kTotals] = 0;
    fields[kCheck] = 0;
    this.#wrap.clearAsyncIdStack();
  }

  recover(): void {
    if (!this.#abandoned) return;
    const { async_hook_fields: fields, constants, clearAsyncIdStack } = this.#wrap;
    clearAsyncIdStack();
    // Added, as hooks may have been enabled meanwhile.
    fields[constants.kTotals] += this.#abandoned.totals;
    fields[constants.kCheck] += this.#abandoned.check;
    this.#abandoned = undefined;
  }
}

const asyncStack = findAsyncStack();

function findAsyncStack(): AsyncStack | undefined {
  const { noDeprecation } = process;
  // Node deprecates this way to its own parts, but has no other to this one.
  process.noDeprecation = true;
  try {
    const { binding } = process as unknown as { binding: (name: string) => AsyncWrap };
    return new AsyncStack(binding.call(process, "async_wrap"));
  } catch {
    return undefined;
  } finally {
    if (noDeprecation === undefined) delete process.noDeprecation;
    else process.noDeprecation = noDeprecation;
  }
}
