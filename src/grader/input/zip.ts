import { crc32 } from "node:zlib";
import yauzl, { type Entry as ZipEntry } from "yauzl";
import { messageOf, UserError } from "../../errors.js";
import { unread, type Entries, type Entry } from "./entry.js";
import { Budget, limits, readLimited } from "./limits.js";

/** The files of a zip archive. Its names are decoded here, so that a strange one costs only its own entry. */
export async function* readZip(file: string, totalBytes: number): Entries {
  const budget = new Budget(totalBytes);
  const zip = await yauzl
    .openPromise(file, { decodeStrings: false, autoClose: false, lazyEntries: true })
    .catch((error: unknown) => {
      throw new UserError(`the zip archive is damaged or cut off (${messageOf(error)})`);
    });
  try {
    for await (const entry of zip.eachEntry()) {
      if (!budget.spendEntry())
        throw new UserError(`the zip archive has more than ${limits.entries} entries`);
      const name = nameOf(entry);
      if (/[\\/]$/.test(name)) continue;
      const obstacle = obstacleOf(entry);
      yield {
        name,
        ...modifiedOf(entry),
        ...(obstacle !== undefined && { obstacle }),
        read: obstacle === undefined ? () => readEntry(zip, entry, budget) : unread,
      };
    }
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`the zip archive is damaged (${messageOf(error)})`);
  } finally {
    zip.close();
  }
}

async function readEntry(zip: yauzl.ZipFile, entry: ZipEntry, budget: Budget): Promise<Buffer> {
  try {
    const bytes = await readLimited(await zip.openReadStreamPromise(entry), budget, entry.compressedSize);
    if (crc32(bytes) !== entry.crc32) throw new Error("its checksum does not fit");
    return bytes;
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`damaged in the archive (${messageOf(error)})`);
  }
}

/** Names are UTF-8 if they say so, or if they could be: many programs write it and forget the flag. */
function nameOf({ generalPurposeBitFlag, fileNameRaw, extraFields }: ZipEntry): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(fileNameRaw);
  } catch {
    return yauzl.getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, true);
  }
}

function modifiedOf(entry: ZipEntry): Pick<Entry, "modified"> {
  const modified = entry.getLastModDate();
  return Number.isNaN(modified.getTime()) ? {} : { modified };
}

function obstacleOf(entry: ZipEntry): string | undefined {
  if (entry.isEncrypted()) return "encrypted: hand it in without a password";
  // Unix puts a file's mode into the upper half of the attributes.
  const type = (entry.externalFileAttributes >>> 16) & 0o170000;
  if (type === 0o120000) return "a symbolic link, which is not followed";
  if (type !== 0 && type !== 0o100000) return "no ordinary file";
  if (!entry.canDecodeFileData())
    return `compressed by method ${entry.compressionMethod}; expected an ordinary zip archive (deflate)`;
  return undefined;
}
