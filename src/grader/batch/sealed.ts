import { createHash } from "node:crypto";

const pattern = /^\{"sha256":"([0-9a-f]{64})","value":(.*)\}$/s;

/** A value as one line of JSON that tells whether it is whole. */
export function seal(value: unknown): string {
  const text = JSON.stringify(value);
  return `{"sha256":"${sha256(text)}","value":${text}}`;
}

/** What was sealed, or undefined if it was cut off or damaged since. */
export function unseal(line: string): unknown {
  const [, hash, text] = pattern.exec(line) ?? [];
  return text !== undefined && sha256(text) === hash ? JSON.parse(text) : undefined;
}

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
