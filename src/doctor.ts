import { existsSync } from "node:fs";
import { join } from "node:path";
import { availableParallelism } from "node:os";
import { Course } from "./course/course.js";
import { loadEngine } from "./engine/load.js";
import { messageOf } from "./errors.js";
import { Host } from "./grader/host.js";
import { chooseIsolation } from "./grader/isolation.js";
import { defaultLimits } from "./grader/limits.js";
import type { Tier } from "./grader/results.js";
import { kernelspecFolder } from "./kernel/kernelspec.js";
import { findProgram } from "./programs.js";
import { requiredNode, version } from "./package.js";

/** What one look at the machine found. */
export interface Finding {
  name: string;
  /** `missing` is something that is good to have; without what is `broken` gradlab does not work. */
  state: "works" | "missing" | "broken";
  detail: string;
}

/** Everything that gradlab needs or can use on this machine. */
export async function examine(): Promise<Finding[]> {
  return [node(), library(), course(), kernelspec(), jupyter(), await isolation(), browser()];
}

function node(): Finding {
  const [have, need] = [process.versions.node, requiredNode].map((text) => text.split(".").map(Number));
  const differing = need.findIndex((part, i) => part !== have[i]);
  const isNewEnough = differing < 0 || have[differing] > need[differing];
  const detail = `${process.version}, gradlab ${version}, ${process.platform} ${process.arch}, ${availableParallelism()} cores`;
  if (isNewEnough) return { name: "Node", state: "works", detail };
  return { name: "Node", state: "broken", detail: `${detail}: version ${requiredNode} or newer is needed` };
}

function library(): Finding {
  const name = "engine";
  try {
    const { relaxed } = loadEngine();
    return {
      name,
      state: "works",
      detail: `WebAssembly SIMD${relaxed ? ", relaxed" : ""}, shared memory for threads`,
    };
  } catch (error) {
    return { name, state: "missing", detail: `the plain kernels compute, slower: ${messageOf(error)}` };
  }
}

function course(): Finding {
  const { root, lessonNames } = Course.around();
  return { name: "course", state: "works", detail: `${lessonNames.length} lessons in ${root}` };
}

function kernelspec(): Finding {
  const folder = kernelspecFolder("user");
  if (existsSync(join(folder, "kernel.json"))) return { name: "kernel", state: "works", detail: folder };
  return {
    name: "kernel",
    state: "missing",
    detail: "Jupyter does not know it: gradlab kernel install --user",
  };
}

function jupyter(): Finding {
  const found = findProgram("jupyter");
  if (found) return { name: "Jupyter", state: "works", detail: found };
  return {
    name: "Jupyter",
    state: "missing",
    detail: "not on the PATH; gradlab run and VS Code's Jupyter extension do without",
  };
}

async function isolation(): Promise<Finding> {
  const { tier, missing } = chooseIsolation();
  const name = "isolation of submissions";
  try {
    await startHost(tier);
  } catch (error) {
    return { name, state: "broken", detail: `${tier}: ${messageOf(error)}` };
  }
  if (missing === undefined) return { name, state: "works", detail: "sandbox (bubblewrap)" };
  return { name, state: "missing", detail: `${tier}; no sandbox: ${missing}` };
}

/** Starts a process as for a submission, with the library. */
async function startHost(tier: Tier): Promise<void> {
  const host = new Host(() => Infinity, { tier, limits: defaultLimits });
  try {
    await host.prepare(true);
  } finally {
    host.kill();
  }
}

const browsers = ["chromium", "chromium-browser", "google-chrome", "firefox"];

function browser(): Finding {
  const found = browsers.map(findProgram).find((path) => path !== undefined);
  if (found) return { name: "browser", state: "works", detail: found };
  return { name: "browser", state: "missing", detail: `none of ${browsers.join(", ")} is on the PATH` };
}
