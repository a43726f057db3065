import { UserError } from "../errors.js";
import { readText } from "./notebook.js";

/** A JSON file that gradlab derived: how messages name it, what must be in it, and the command that makes it anew. */
interface Derived<Value> {
  shown: string;
  expected: string;
  isSound: (value: unknown) => value is Value;
  cure: string;
}

/** @throws UserError if the file is not as it was derived: someone has edited it, or a merge has damaged it */
export function readDerivedJson<Value>(
  file: string,
  { shown, expected, isSound, cure }: Derived<Value>,
): Value {
  const text = readText(file);
  const damaged = (what: string) => new UserError(`${shown}: damaged: ${what}; make it anew with: ${cure}`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw damaged("it is not JSON");
  }
  if (!isSound(value)) throw damaged(`expected ${expected}`);
  return value;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
