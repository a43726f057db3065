import { inspect } from "node:util";

/**
 * Lets promises print as everywhere: `Promise { 3 }`. Node 20 notes on them, in properties that it prints, which cell
 * created them, because the session asks for that.
 */
export function hidePromiseNotes(): void {
  const prototype: object = Promise.prototype;
  Object.defineProperty(prototype, inspect.custom, {
    value(this: object) {
      for (const symbol of Object.getOwnPropertySymbols(this)) {
        if (notes.has(symbol.description)) Object.defineProperty(this, symbol, { enumerable: false });
      }
      return this; // Which means: print it as usual.
    },
    configurable: true,
    writable: true,
  });
}

const notes = new Set<string | undefined>(["async_id_symbol", "trigger_async_id_symbol", "kResourceStore"]);
