import { join } from "node:path";
import { compiledFile, packageRoot } from "../package.js";
import type { Tier } from "./results.js";

/** Node's permission model, under the name that this Node knows it by; undefined if it has none. */
const permissionFlag = ["--permission", "--experimental-permission"].find((flag) =>
  process.allowedNodeEnvironmentFlags.has(flag),
);

/** How hosts are isolated on this machine. */
export const tier: Tier = permissionFlag === undefined ? "none" : "process";

/**
 * Flags for a host's Node: no child processes, no workers, no writing, and nothing to read but the library. In particular a submission
 * cannot read solutions, hidden tests or other submissions. The network is not closed by this tier.
 */
export const isolationFlags: readonly string[] =
  permissionFlag === undefined
    ? []
    : [
        permissionFlag,
        ...[compiledFile("*"), join(packageRoot, "package.json"), join(packageRoot, "node_modules", "*")].map(
          (path) => `--allow-fs-read=${path}`,
        ),
      ];
