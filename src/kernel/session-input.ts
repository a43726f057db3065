import { receiveMessageOnPort, type MessagePort } from "node:worker_threads";
import type { InputAnswer } from "./session-protocol.js";

interface Answered {
  token: number;
  answer: InputAnswer;
}

/** Questions to the person at the keyboard, and their answers, which come by way of the guarding thread. */
export class SessionInput {
  readonly #port: MessagePort;
  readonly #signal: Int32Array;
  readonly #ask: (token: number, prompt: string, password: boolean) => void;
  readonly #waiting = new Map<number, (answer: InputAnswer) => void>();
  #lastToken = 0;

  constructor(
    port: MessagePort,
    signal: Int32Array,
    ask: (token: number, prompt: string, password: boolean) => void,
  ) {
    this.#port = port;
    this.#signal = signal;
    this.#ask = ask;
    port.on("message", (answered: Answered) => this.#settle(answered));
    port.unref();
  }

  /** Asks and goes on; `null` is the end of the input. */
  async read(prompt: string, password: boolean): Promise<string | null> {
    const token = ++this.#lastToken;
    const answer = await new Promise<InputAnswer>((resolve) => {
      this.#waiting.set(token, resolve);
      this.#ask(token, prompt, password);
    });
    return textOf(answer);
  }

  /** Asks and waits in the middle of the code, as a browser's `prompt` does. */
  readSync(prompt: string): string | null {
    const token = ++this.#lastToken;
    this.#ask(token, prompt, false);
    for (;;) {
      const answersSoFar = Atomics.load(this.#signal, 0);
      for (let next = this.#next(); next; next = this.#next()) {
        if (next.token === token) return textOf(next.answer);
        this.#settle(next);
      }
      Atomics.wait(this.#signal, 0, answersSoFar);
    }
  }

  #next(): Answered | undefined {
    return (receiveMessageOnPort(this.#port) as { message: Answered } | undefined)?.message;
  }

  #settle({ token, answer }: Answered): void {
    this.#waiting.get(token)?.(answer);
    this.#waiting.delete(token);
  }
}

function textOf(answer: InputAnswer): string | null {
  if ("text" in answer) return answer.text;
  throw Object.assign(new Error(answer.error.message), { name: answer.error.name });
}
