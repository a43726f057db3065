import { buffer } from "node:stream/consumers";
import tar, { type Header } from "tar-stream";
import yazl from "yazl";

/** An entry of an archive for the tests; `mode` for what is no ordinary file. */
export interface ZipEntry {
  name: string;
  content: string | Buffer;
  mtime?: Date;
  mode?: number;
  compress?: boolean;
}

/** A zip archive. Names that no honest program writes are put in afterwards. */
export async function zip(entries: readonly ZipEntry[]): Promise<Buffer> {
  const archive = new yazl.ZipFile();
  const stand = (name: string, i: number) =>
    isOdd(name) ? `${i}`.padEnd(Buffer.byteLength(name), "_") : name;
  for (const [i, { name, content, ...options }] of entries.entries())
    archive.addBuffer(Buffer.from(content), stand(name, i), {
      mtime: new Date("2026-01-02T03:04:06"),
      ...options,
    });
  archive.end();
  const bytes = await buffer(archive.outputStream);
  entries.forEach(({ name }, i) => {
    if (isOdd(name)) replaceAll(bytes, Buffer.from(stand(name, i)), Buffer.from(name));
  });
  return bytes;
}

function isOdd(name: string): boolean {
  return /^\/|^[A-Za-z]:|\.\.|\\|^$/.test(name);
}

function replaceAll(bytes: Buffer, from: Buffer, to: Buffer): void {
  for (let at = bytes.indexOf(from); at >= 0; at = bytes.indexOf(from, at + 1)) to.copy(bytes, at);
}

/** Sets the flag that says a zip's entries are encrypted. */
export function encrypted(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  for (let at = 0; at < copy.length - 4; at++) {
    const signature = copy.readUInt32LE(at);
    if (signature === 0x04034b50) copy[at + 6] |= 1;
    if (signature === 0x02014b50) copy[at + 8] |= 1;
  }
  return copy;
}

/** A tar archive as programs wrote it before ustar: without that word and what follows it, and with folders as empty files. */
export function oldFormat(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  let at = 0;
  while (copy.toString("latin1", at + 257, at + 262) === "ustar") {
    const header = copy.subarray(at, at + 512);
    header.fill(0, 257);
    if (header[156] === 0x35) header[156] = 0;
    header.fill(" ", 148, 156);
    const checksum = header.reduce((sum, byte) => sum + byte);
    header.write(`${checksum.toString(8).padStart(6, "0")}\0 `, 148);
    const size = parseInt(header.toString("latin1", 124, 136), 8);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return copy;
}

export async function tarOf(
  entries: readonly (Partial<Header> & { name: string; content?: string })[],
): Promise<Buffer> {
  const pack = tar.pack();
  for (const { content = "", ...header } of entries) pack.entry(header, content);
  pack.finalize();
  return buffer(pack);
}
