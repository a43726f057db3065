import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { buffer } from "node:stream/consumers";
import yauzl from "yauzl";

/** Unpacks a zip archive, file modes included, as a tool for it would. */
export async function unzip(file: string, folder: string): Promise<void> {
  const zip = await yauzl.openPromise(file, { lazyEntries: true });
  for await (const entry of zip.eachEntry()) {
    const target = join(folder, entry.fileName);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, await buffer(await zip.openReadStreamPromise(entry)));
    chmodSync(target, (entry.externalFileAttributes >>> 16) & 0o777);
  }
}
