import { parentPort } from "node:worker_threads";
import type { Assembled } from "../course/assemble.js";
import { TypeAdviser } from "../course/type-advice.js";
import { ready } from "./advice.js";

const adviser = new TypeAdviser();
// Reads what all have in common, the library's declarations among it.
adviser.adviceOn({ source: 'import "gradlab";', spans: [] });
parentPort!.on("message", (submission: Pick<Assembled, "source" | "spans">) =>
  parentPort!.postMessage(adviser.adviceOn(submission)),
);
parentPort!.postMessage(ready);
