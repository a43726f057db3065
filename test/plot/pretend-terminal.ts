import { onTestFinished } from "vitest";

/** Makes stderr a terminal for one test, or none, whatever the tests run in. */
export function pretendTerminal(isTTY: boolean): void {
  const before = Object.getOwnPropertyDescriptor(process.stderr, "isTTY");
  Object.defineProperty(process.stderr, "isTTY", { value: isTTY, configurable: true });
  onTestFinished(() => {
    if (before) Object.defineProperty(process.stderr, "isTTY", before);
    else Reflect.deleteProperty(process.stderr, "isTTY");
  });
}
