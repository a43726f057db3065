import { expect, test } from "vitest";
import { NotebookOutputs, type NotebookOutput } from "../../src/kernel/notebook-outputs.js";

const display = (text: string, id?: string) => ({
  data: { "text/plain": text },
  metadata: {},
  transient: { display_id: id },
});

test("stream messages of one stream become one output, a line per string", () => {
  const outputs: NotebookOutput[] = [];
  const notebook = new NotebookOutputs();
  for (const text of ["a\nb", "c\n"])
    notebook.add(outputs, { type: "stream", content: { name: "stdout", text } });
  notebook.add(outputs, { type: "stream", content: { name: "stderr", text: "e" } });
  expect(outputs).toEqual([
    { output_type: "stream", name: "stdout", text: ["a\n", "bc\n"] },
    { output_type: "stream", name: "stderr", text: ["e"] },
  ]);
});

test("a carriage return writes over the line, also across messages", () => {
  const outputs: NotebookOutput[] = [];
  const notebook = new NotebookOutputs();
  for (const text of ["x\n10%\r", "50%\r", "100%\n"])
    notebook.add(outputs, { type: "stream", content: { name: "stdout", text } });
  expect(outputs).toEqual([{ output_type: "stream", name: "stdout", text: ["x\n", "100%\n"] }]);
});

test("an update replaces what an earlier cell displays; the transient part is not kept", () => {
  const [first, second]: NotebookOutput[][] = [[], []];
  const notebook = new NotebookOutputs();
  notebook.add(first, { type: "display_data", content: display("old", "d1") });
  notebook.add(second, { type: "update_display_data", content: display("new", "d1") });
  expect(first).toEqual([{ output_type: "display_data", data: { "text/plain": ["new"] }, metadata: {} }]);
  expect(second).toEqual([]);
});

test("results keep their number and JSON data its form; errors their three fields", () => {
  const outputs: NotebookOutput[] = [];
  const notebook = new NotebookOutputs();
  const data = { "application/json": { a: "x\ny" }, "text/html": "<b>\n</b>", "image/png": "AAAA" };
  notebook.add(outputs, { type: "execute_result", content: { data, metadata: {}, execution_count: 3 } });
  notebook.add(outputs, {
    type: "error",
    content: { ename: "E", evalue: "v", traceback: ["t"], status: "error" },
  });
  notebook.add(outputs, { type: "status", content: { execution_state: "idle" } });
  expect(outputs).toEqual([
    {
      output_type: "execute_result",
      execution_count: 3,
      data: { "application/json": { a: "x\ny" }, "text/html": ["<b>\n", "</b>"], "image/png": "AAAA" },
      metadata: {},
    },
    { output_type: "error", ename: "E", evalue: "v", traceback: ["t"] },
  ]);
});
