import { open } from "node:fs/promises";
import type { Entries } from "./entry.js";
import { readTar } from "./tar.js";
import { readZip } from "./zip.js";

/** The kinds of archives that are opened. */
export type ArchiveKind = "zip" | "tar" | "tar.gz";

/** Which kind of archive a file is, by its first bytes or else by its name; undefined for anything else. */
export async function archiveKind(file: string): Promise<ArchiveKind | undefined> {
  if (/\.(ipynb|ts)$/i.test(file)) return undefined;
  const start = Buffer.alloc(262);
  const handle = await open(file).catch(() => undefined);
  if (!handle) return undefined;
  try {
    await handle.read(start, 0, start.length, 0);
  } finally {
    await handle.close();
  }
  if (["PK\x03\x04", "PK\x05\x06"].includes(start.toString("latin1", 0, 4)) || /\.zip$/i.test(file))
    return "zip";
  if ((start[0] === 0x1f && start[1] === 0x8b) || /\.(tgz|tar\.gz)$/i.test(file)) return "tar.gz";
  if (start.toString("latin1", 257, 262) === "ustar" || /\.tar$/i.test(file)) return "tar";
  return undefined;
}

/** @param totalBytes how much it may unpack to */
export function readArchive(file: string, kind: ArchiveKind, totalBytes: number): Entries {
  return kind === "zip" ? readZip(file, totalBytes) : readTar(file, kind === "tar.gz", totalBytes);
}
