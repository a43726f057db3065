/** Parses and compiles submissions for a `Reader`, over IPC, until that is gone. */
import { assemble } from "../course/assemble.js";
import { compileSubmission } from "../course/compile.js";
import { messageOf } from "../errors.js";
import type { ReadRequest, ReadResponse } from "./reader.js";

async function answer(request: ReadRequest): Promise<ReadResponse> {
  try {
    if (request.kind === "assemble") return { answer: assemble(request.manifest, request.cells) };
    return { answer: await compileSubmission(request.source) };
  } catch (error) {
    return { error: messageOf(error) };
  }
}

process.on(
  "message",
  (request: ReadRequest) => void answer(request).then((response) => process.send?.(response)),
);
