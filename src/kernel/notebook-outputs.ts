import type { Publication } from "./client.js";

/** An output of a code cell in nbformat 4. */
export interface NotebookOutput {
  output_type: "stream" | "display_data" | "execute_result" | "error";
  [field: string]: unknown;
}

/**
 * Collects what a kernel publishes for the cells of one notebook, in the form that notebooks keep it. It is told of
 * everything in the order of arrival, because a later cell may update what an earlier one shows.
 */
export class NotebookOutputs {
  /** By display id: outputs that may be replaced. */
  readonly #displays = new Map<string, NotebookOutput[]>();

  /** Adds a publication to the outputs of the cell it belongs to. */
  add(outputs: NotebookOutput[], { type, content }: Publication): void {
    switch (type) {
      case "stream":
        return addStream(outputs, String(content.name), String(content.text));
      case "error": {
        const { ename, evalue, traceback } = content;
        outputs.push({ output_type: "error", ename, evalue, traceback });
        return;
      }
      case "execute_result":
        return this.#addDisplay(
          outputs,
          { execution_count: content.execution_count, ...shownData(content), output_type: type },
          content,
        );
      case "display_data":
        return this.#addDisplay(outputs, { ...shownData(content), output_type: type }, content);
      case "update_display_data":
        for (const output of this.#displays.get(displayId(content) ?? "") ?? [])
          Object.assign(output, shownData(content));
    }
  }

  #addDisplay(outputs: NotebookOutput[], output: NotebookOutput, content: Publication["content"]): void {
    outputs.push(output);
    const id = displayId(content);
    if (id !== undefined) this.#displays.set(id, [...(this.#displays.get(id) ?? []), output]);
  }
}

/** Text for the same stream is one output; a bare carriage return starts the last line afresh, as on a terminal. */
function addStream(outputs: NotebookOutput[], name: string, text: string): void {
  const last = outputs.at(-1);
  const before =
    last?.output_type === "stream" && last.name === name ? (last.text as string[]).join("") : undefined;
  const whole = ((before ?? "") + text).replace(/[^\n]*\r(?=[^\n])/g, "");
  if (before === undefined) outputs.push({ output_type: "stream", name, text: lines(whole) });
  else last!.text = lines(whole);
}

function shownData({ data, metadata }: Publication["content"]): {
  data: Record<string, unknown>;
  metadata: unknown;
} {
  const bundle = Object.entries(data as Record<string, unknown>).map(([mime, value]) => {
    const isText = typeof value === "string" && (mime.startsWith("text/") || mime === "image/svg+xml");
    return [mime, isText ? lines(value) : value];
  });
  return { data: Object.fromEntries(bundle) as Record<string, unknown>, metadata: metadata ?? {} };
}

function displayId(content: Publication["content"]): string | undefined {
  return (content.transient as { display_id?: string } | undefined)?.display_id;
}

function lines(text: string): string[] {
  return text === "" ? [] : text.split(/(?<=\n)/);
}
