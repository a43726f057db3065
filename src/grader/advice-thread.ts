import { parentPort } from "node:worker_threads";
import { TypeAdviser, type TypedSource } from "../course/type-advice.js";

const adviser = new TypeAdviser();
// Reads what all have in common, the library's declarations among it.
adviser.adviceOn({ source: 'import "gradlab";', spans: [] });
parentPort!.on("message", (submission: TypedSource) => parentPort!.postMessage(adviser.adviceOn(submission)));
parentPort!.postMessage("ready");
