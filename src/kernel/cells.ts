import type { OpenComms } from "./comms.js";
import type { History } from "./history.js";
import type { StreamName } from "./messages.js";
import type { Origin, Sender } from "./sender.js";
import type { SessionOutput } from "./session-protocol.js";
import type { Stdin } from "./stdin.js";
import { StreamBuffer } from "./stream-buffer.js";

/** Code that a request started: whose request its output answers, and which number it has. */
export interface Cell extends Origin {
  count: number;
  silent: boolean;
  allowStdin: boolean;
  running: boolean;
}

/** Output of cells older than this many counts as output of the latest. */
const cellsRemembered = 1000;

/** Publishes what cells show, each as an answer to the request that started the cell, however late it comes. */
export class Cells {
  readonly #sender: Sender;
  readonly #history: History;
  readonly #comms: OpenComms;
  readonly #stdin: Stdin;
  readonly #cells = new Map<number, Cell>();
  readonly #streams: StreamBuffer<Cell>;
  latest: Cell | undefined;

  constructor(sender: Sender, history: History, comms: OpenComms, stdin: Stdin) {
    this.#sender = sender;
    this.#history = history;
    this.#comms = comms;
    this.#stdin = stdin;
    this.#streams = new StreamBuffer((cell, name, text) =>
      sender.publish("stream", { name, text }, cell.header),
    );
  }

  add(id: number, cell: Cell): void {
    this.latest = cell;
    this.#cells.set(id, cell);
    if (this.#cells.size > cellsRemembered) this.#cells.delete(this.#cells.keys().next().value!);
  }

  /** The code has come to its end, as far as its request is concerned. */
  ended(cell: Cell): void {
    cell.running = false;
    this.#stdin.cancel(cell);
    this.flush();
  }

  /** Publishes the text that still waits for more: before anything else is said. */
  flush(): void {
    this.#streams.flush();
  }

  showText(name: StreamName, text: string, cell = this.latest): void {
    if (cell && !cell.silent) this.#streams.write(cell, name, text);
  }

  show(output: SessionOutput): void {
    const cell = this.#cells.get(output.cell) ?? this.latest;
    if (!cell) return;
    if (output.type === "stream") return this.showText(output.name, output.text, cell);
    this.flush();
    if (output.type === "comm") return this.#comms.send(output.event, cell.header);
    if (output.type === "input") return this.#stdin.ask(cell, output);
    if (cell.silent) return;
    switch (output.type) {
      case "result": {
        const text = output.content.data["text/plain"];
        if (typeof text === "string") this.#history.setOutput(cell.count, text);
        const content = { ...output.content, execution_count: cell.count };
        return this.#sender.publish("execute_result", content, cell.header);
      }
      case "display": {
        const type = output.update ? "update_display_data" : "display_data";
        return this.#sender.publish(type, output.content, cell.header);
      }
      case "clear":
        return this.#sender.publish("clear_output", { wait: output.wait }, cell.header);
      case "error":
        return this.#sender.publish("error", output.content, cell.header);
    }
  }
}
