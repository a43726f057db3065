import { constants, type Dirent } from "node:fs";
import { lstat, open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { messageOf, UserError } from "../../errors.js";
import { journalName } from "../batch/journal.js";
import { isSubmissionName } from "../submissions.js";
import { unread, type Entries } from "./entry.js";
import { limits, tooLarge } from "./limits.js";

/** Whether it could be gradlab's own, in or below a folder with a journal. `--out` may be inside the folder that is graded. */
function isReport(name: string): boolean {
  return /\.(jsonl?|lock|html|csv|xml|md|txt)$/i.test(name) && !isSubmissionName(name);
}

/** The files below a folder, in the order of their names. Links are not followed: who unpacked an archive may have unpacked some. */
export async function* readFolder(folder: string): Entries {
  let entries = 0;
  const waiting = [{ path: "", depth: 0, hasReports: false }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { path, depth } = next;
    const inside = await readdir(join(folder, path), { withFileTypes: true }).catch((error: unknown) => {
      throw new UserError(`cannot be read: ${messageOf(error)}`);
    });
    const hasReports = next.hasReports || inside.some(({ name }) => name === journalName);
    inside.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of inside) {
      if (++entries > limits.entries) throw new UserError(`holds more than ${limits.entries} files`);
      const name = path === "" ? entry.name : `${path}/${entry.name}`;
      const obstacle = obstacleOf(entry, depth);
      if (entry.isDirectory() && obstacle === undefined) continue;
      if (hasReports && isReport(entry.name)) continue;
      const place = join(folder, name);
      const modified = obstacle === undefined ? (await lstat(place)).mtime : undefined;
      yield {
        name,
        ...(modified && { modified }),
        ...(obstacle !== undefined && { obstacle }),
        read: obstacle === undefined ? () => readPlain(place) : unread,
      };
    }
    const folders = inside.filter((entry) => entry.isDirectory() && obstacleOf(entry, depth) === undefined);
    for (const { name } of folders.reverse())
      if (!/^(\.|node_modules$)/.test(name))
        waiting.push({ path: path === "" ? name : `${path}/${name}`, depth: depth + 1, hasReports });
  }
}

function obstacleOf(entry: Dirent, depth: number): string | undefined {
  if (entry.isSymbolicLink()) return "a symbolic link, which is not followed";
  if (entry.isDirectory()) return depth < limits.folderDepth ? undefined : "folders nested too deeply";
  return entry.isFile() ? undefined : "no ordinary file";
}

/** Reads an ordinary file that is named, or that was found in a folder. */
export async function readPlain(file: string, follow = false): Promise<Buffer> {
  // Non-blocking: opening a pipe would otherwise wait for someone to write into it.
  const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (follow ? 0 : (constants.O_NOFOLLOW ?? 0));
  const handle = await open(file, flags).catch((error: unknown) => {
    throw new UserError(`cannot be read: ${messageOf(error)}`);
  });
  try {
    const status = await handle.stat();
    if (!status.isFile()) throw new UserError("no ordinary file");
    if (status.size > limits.fileBytes) throw new UserError(tooLarge);
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}
