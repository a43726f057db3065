/** A mistake of the person at the keyboard: its message is the whole report, no stack trace follows. */
export class UserError extends Error {
  override name = "UserError";
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
