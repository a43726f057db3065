import { notebookSession } from "./session.js";

/** The person at the keyboard ended the input (Ctrl-D) instead of answering. */
export class EndOfInputError extends Error {
  override name = "EndOfInputError";
}

/**
 * Asks the person at the keyboard for a line of text, in a notebook as in a terminal.
 *
 * With `password`, what is typed is not shown, where the front end can hide it.
 * @throws EndOfInputError at the end of the input. In a notebook that nobody sits at, such as one run by nbconvert, an
 *   error of the name `StdinNotImplementedError`.
 * @example const name = await input("Your name? ");
 */
export async function input(prompt = "", { password = false }: { password?: boolean } = {}): Promise<string> {
  const session = notebookSession();
  const text = session ? await session.readInput(prompt, password) : await readLine(prompt);
  if (text === null) throw new EndOfInputError(`input: no answer to ${JSON.stringify(prompt)}`);
  return text;
}

async function readLine(prompt: string): Promise<string | null> {
  const { createInterface } = await import("node:readline/promises");
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const closed = new Promise<null>((resolve) => terminal.once("close", () => resolve(null)));
    return await Promise.race([terminal.question(prompt), closed]);
  } finally {
    terminal.close();
  }
}
