// Runs in Node only; imported when a file is asked for.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzip } from "node:zlib";
import { promisify } from "node:util";
import { download, type DownloadOptions, type RemoteFile } from "./download.js";
import { DataFormatError } from "./errors.js";

/** A file: its path, or where to download it from. */
export type FileSource = string | RemoteFile;

/** The content of a file, unpacked if it is gzip. */
export async function readSource(source: FileSource, options: DownloadOptions): Promise<Uint8Array> {
  const path = typeof source === "string" ? source : await download(source, options);
  const bytes = await readFile(path);
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  return promisify(gunzip)(bytes).catch((error: unknown) => {
    throw new DataFormatError(`${path}: the gzip data is damaged or cut off.`, { cause: error });
  });
}

/**
 * The first of the named files that is in a folder.
 *
 * @throws Error if none is; the message names them all.
 */
export async function readFromFolder(folder: string, names: readonly string[]): Promise<Uint8Array> {
  for (const name of names) {
    try {
      return await readSource(join(folder, name), {});
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
  throw new Error(
    `${folder}: there is no ${names.join(" or ")}. Put the file there, or leave the folder out to download.`,
  );
}
