import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { createGunzip } from "node:zlib";
import tar from "tar-stream";
import { UserError } from "../../errors.js";
import { packageRoot } from "../../package.js";

/** gradlab as npm packs it. */
export interface PackedFile {
  /** `gradlab-0.1.0.tgz` */
  name: string;
  bytes: Buffer;
}

/** Packs this very gradlab, as it would be published. */
export function packGradlab(): PackedFile {
  const folder = mkdtempSync(join(tmpdir(), "gradlab-pack-"));
  try {
    // On Windows npm is a script, which only a shell starts.
    const shell = process.platform === "win32";
    const quoted = shell ? [folder, packageRoot].map((path) => `"${path}"`) : [folder, packageRoot];
    const { status, stderr, error } = spawnSync(
      "npm",
      ["pack", "--ignore-scripts", "--silent", "--pack-destination", ...quoted],
      { encoding: "utf8", shell },
    );
    if (status !== 0) throw new UserError(`npm pack failed: ${error?.message ?? stderr.trim()}`);
    const [name] = readdirSync(folder);
    return { name, bytes: readFileSync(join(folder, name)) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The files in a packed package, by their paths in it. */
export async function unpack({ bytes }: PackedFile): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  const extract = Readable.from(bytes).pipe(createGunzip()).pipe(tar.extract());
  for await (const entry of extract)
    files.set(entry.header.name.replace(/^package\//, ""), await buffer(entry as AsyncIterable<Buffer>));
  return files;
}

/** Packages that only the kernel, the figures and the queue use, never a grader. */
const notForGrading = new Set(["zeromq", "tslab", "bullmq", "ioredis", "plotly.js-cartesian-dist-min"]);

/** What running code does not read. */
const isSuperfluous = (file: string) => /\.(map|md|markdown)$|\.d\.[cm]?ts$/i.test(file);

interface Manifest {
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
}

/**
 * The packages that grading needs, as they are installed here: files by their paths below a `node_modules` folder beside gradlab.
 * Those with machine code are for this machine's system.
 */
export function productionModules(): Map<string, string> {
  const files = new Map<string, string>();
  const seen = new Set<string>();
  const outer = packageRoot.replace(/[\\/]node_modules[\\/]gradlab[\\/]?$/, "");
  const visit = (folder: string) => {
    const { dependencies, optionalDependencies, peerDependencies } = JSON.parse(
      readFileSync(join(folder, "package.json"), "utf8"),
    ) as Manifest;
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies })) {
      const found = notForGrading.has(name) ? undefined : resolvePackage(name, folder);
      // What is optional may not be there.
      if (found === undefined || seen.has(found)) continue;
      seen.add(found);
      const place = relative(outer, found)
        .replaceAll("\\", "/")
        .replace(/^node_modules\/gradlab\//, "");
      for (const file of filesIn(found)) files.set(`${place}/${file}`, join(found, file));
      visit(found);
    }
  };
  visit(packageRoot);
  return files;
}

function resolvePackage(name: string, from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, "node_modules", name);
    if (basename(folder) !== "node_modules" && existsSync(join(candidate, "package.json"))) return candidate;
    if (folder === dirname(folder)) return undefined;
  }
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory())
      return entry.name === "node_modules"
        ? []
        : filesIn(join(folder, entry.name)).map((file) => `${entry.name}/${file}`);
    return entry.isFile() && !isSuperfluous(entry.name) ? [entry.name] : [];
  });
}
