import { createReadStream } from "node:fs";
import { pipeline, Transform } from "node:stream";
import { createGunzip } from "node:zlib";
import tar, { type Header } from "tar-stream";
import { messageOf, UserError } from "../../errors.js";
import { unread, type Entries } from "./entry.js";
import { Budget, limits, MB, readLimited, tooLarge } from "./limits.js";

/** Nobody's files: what these tell is about others. */
const attributes = new Set([
  "directory",
  "pax-header",
  "pax-global-header",
  "gnu-long-path",
  "gnu-long-link-path",
]);

const obstacles: Partial<Record<NonNullable<Header["type"]>, string>> = {
  symlink: "a symbolic link, which is not followed",
  link: "a hard link, which is not followed",
};

/** The files of a tar archive, plain or compressed by gzip. */
export async function* readTar(file: string, gzip: boolean, totalBytes: number): Entries {
  const budget = new Budget(totalBytes);
  const source = createReadStream(file);
  // Before ustar there was a format without a name; its headers have a checksum, too. The types do not know the option.
  const extract = tar.extract({ allowUnknownFormat: true } as object);
  // Counts what is skipped, too: all of it is unpacked.
  let unpacked = 0;
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      unpacked += chunk.length;
      if (unpacked > totalBytes)
        done(new UserError(`the archive unpacks to more than ${totalBytes / MB} MB`));
      else if (gzip && unpacked > limits.freeBytes && unpacked > limits.ratio * source.bytesRead)
        done(new UserError(`the archive unpacks to more than ${limits.ratio} times its size`));
      else done(null, chunk);
    },
  });
  // The iterator throws what goes wrong anywhere.
  const failed = (error: unknown) => {
    if (error) extract.destroy(error as Error);
  };
  if (gzip) pipeline(source, createGunzip(), counter, extract, failed);
  else pipeline(source, counter, extract, failed);
  try {
    for await (const entry of extract) {
      const { name, type, mtime, size = 0 } = entry.header;
      if (!budget.spendEntry()) throw new UserError(`the archive has more than ${limits.entries} entries`);
      // The old format has no other mark for folders.
      if ((type && attributes.has(type)) || name.endsWith("/")) {
        entry.resume();
        continue;
      }
      const obstacle =
        type === "file" || type === "contiguous-file" || type == null
          ? undefined
          : (obstacles[type] ?? "no ordinary file");
      // Here a size is known beforehand, and a stream left half-read would hold up all that follow.
      const isTooLarge = size > limits.fileBytes;
      let isRead = false;
      yield {
        name,
        ...(mtime && !Number.isNaN(mtime.getTime()) && { modified: mtime }),
        ...(obstacle !== undefined && { obstacle }),
        read:
          obstacle === undefined
            ? () => {
                if (isTooLarge) return Promise.reject(new UserError(tooLarge));
                isRead = true;
                return readLimited(entry, budget).catch(asDamage);
              }
            : unread,
      };
      if (!isRead) entry.resume();
    }
  } catch (error) {
    asDamage(error);
  } finally {
    source.destroy();
    extract.destroy();
  }
}

function asDamage(error: unknown): never {
  if (error instanceof UserError) throw error;
  throw new UserError(`the archive is damaged or cut off (${messageOf(error)})`);
}
