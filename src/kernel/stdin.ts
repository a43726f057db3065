import type { Sender, Origin } from "./sender.js";
import type { InputAnswer } from "./session-protocol.js";
import type { VerifiedMessage } from "./wire.js";

/** A question of a cell, as its session asks it. */
export interface Question {
  token: number;
  prompt: string;
  password: boolean;
}

interface Asker extends Origin {
  /** Whether the client said that it can be asked. */
  allowStdin: boolean;
  running: boolean;
}

/** The end of the input, as Jupyter's clients send it. */
const endOfInput = "\x04";

/** The questions of running cells, put to their clients one at a time. */
export class Stdin {
  readonly #sender: Sender;
  readonly #answer: (token: number, answer: InputAnswer) => void;
  readonly #questions: { asker: Asker; question: Question }[] = [];

  constructor(sender: Sender, answer: (token: number, answer: InputAnswer) => void) {
    this.#sender = sender;
    this.#answer = answer;
  }

  ask(asker: Asker, question: Question): void {
    if (!asker.running) return this.#refuse(question, "the cell that asks has ended");
    if (!asker.allowStdin)
      return this.#refuse(question, "nobody can be asked for input here: the client does not allow it");
    this.#questions.push({ asker, question });
    if (this.#questions.length === 1) this.#askNext();
  }

  /** The answer to the question that was asked last; one to an earlier question comes too late. */
  receive({ identities, header, content }: VerifiedMessage): string | undefined {
    const [current] = this.#questions;
    if (header.msg_type !== "input_reply")
      return `message of type ${JSON.stringify(header.msg_type)} on stdin`;
    if (!current || !sameIdentities(identities, current.asker.identities))
      return "input_reply to no question";
    const { value } = content;
    if (typeof value !== "string") return "input_reply without a value";
    this.#answer(current.question.token, { text: value === endOfInput ? null : value });
    this.#questions.shift();
    this.#askNext();
    return undefined;
  }

  /** The cell has ended and no longer waits. */
  cancel(asker: Asker): void {
    const [current] = this.#questions;
    const others = this.#questions.filter((entry) => entry.asker !== asker);
    this.#questions.splice(0, Infinity, ...others);
    if (this.#questions[0] !== current) this.#askNext();
  }

  #askNext(): void {
    const [current] = this.#questions;
    if (!current) return;
    const { asker, question } = current;
    const { prompt, password } = question;
    this.#sender.ask({ prompt, password }, asker, () => {
      if (this.#questions[0] !== current) return;
      this.#questions.shift();
      this.#refuse(question, "the client does not listen on its stdin channel");
      this.#askNext();
    });
  }

  #refuse({ token }: Question, message: string): void {
    this.#answer(token, { error: { name: "StdinNotImplementedError", message } });
  }
}

function sameIdentities(a: readonly Uint8Array[], b: readonly Uint8Array[]): boolean {
  return a.length === b.length && a.every((part, i) => Buffer.compare(part, b[i]) === 0);
}
