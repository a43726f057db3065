import { SingleBar } from "cli-progress";

/** Progress on stderr: a bar on a terminal, a line now and then elsewhere. */
export class Progress {
  readonly #bar: SingleBar | undefined;
  readonly #label: string;
  #nextLine = 0;

  constructor(label: string, total: number) {
    this.#label = label;
    if (!process.stderr.isTTY) return;
    this.#bar = new SingleBar({
      format: `${label} {bar} {value}/{total} · {eta_formatted} left`,
      hideCursor: true,
      clearOnComplete: true,
    });
    this.#bar.start(total, 0);
  }

  update(done: number, total: number): void {
    this.#bar?.update(done);
    if (this.#bar || (done < total && Date.now() < this.#nextLine)) return;
    this.#nextLine = Date.now() + 2000;
    console.error(`${this.#label} ${done}/${total}`);
  }

  stop(): void {
    this.#bar?.stop();
  }
}
