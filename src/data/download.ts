// Runs in Node only; imported when a download is asked for.
import { createHash } from "node:crypto";
import { constants, createReadStream } from "node:fs";
import { mkdir, open, rename, rm, stat, type FileHandle } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { DownloadError } from "./errors.js";

/** A file on the network, known by its content. */
export interface RemoteFile {
  url: string;
  /** SHA-256 of the content, in hexadecimal. */
  sha256: string;
}

/** Where downloads are kept and how long they may take. */
export interface DownloadOptions {
  /** Folder that downloads are kept in; by default `gradlab` in the user's cache folder, or `$GRADLAB_CACHE`. */
  cache?: string;
  /** Told how far the download is, in bytes; the total is null if the server does not say. */
  onProgress?: (received: number, total: number | null) => void;
  /** Seconds without any data after which the connection counts as broken; 30 by default. */
  stallSeconds?: number;
}

/** How often a broken connection is taken up again while each try brings some data. */
const tries = 5;

/**
 * The path of the downloaded file. A file that is in the cache is not downloaded again; one that was broken off goes on
 * where it stopped, in this call or a later one. The file gets its name only after its checksum was right.
 *
 * @throws DownloadError if the server cannot be reached, does not have the file, or has another.
 */
export async function download(remote: RemoteFile, options: DownloadOptions = {}): Promise<string> {
  const { file, folder } = cachePlace(remote, options);
  if (await exists(file)) return file;
  await mkdir(folder, { recursive: true });
  const partial = `${file}.part`;
  // Positions in the file are explicit: a second process that downloads the same writes the same bytes to the same places.
  const handle = await open(partial, constants.O_RDWR | constants.O_CREAT);
  const { size: resumedFrom } = await handle.stat();
  try {
    await receive(remote, handle, file, options);
  } finally {
    await handle.close();
  }
  const found = await sha256Of(partial);
  if (found !== remote.sha256.toLowerCase()) {
    await rm(partial, { force: true });
    if (resumedFrom > 0) return download(remote, options); // what was there from before may be of another file
    throw new DownloadError(
      `${remote.url}: the checksum is wrong: SHA-256 is ${found}, expected ${remote.sha256}. ` +
        `What was received is deleted. The server may have another file than the one expected.`,
    );
  }
  await rename(partial, file).catch(async (error: unknown) => {
    if (!(await exists(file))) throw error; // else another process was faster, with the same content
  });
  return file;
}

/** Files are kept in folders by their checksum, so that one name can stand for different contents. */
function cachePlace(
  { url, sha256 }: RemoteFile,
  { cache }: DownloadOptions,
): { file: string; folder: string } {
  const folder = join(cache ?? defaultCache(), sha256.slice(0, 16).toLowerCase());
  return { folder, file: join(folder, basename(new URL(url).pathname)) };
}

function defaultCache(): string {
  const { GRADLAB_CACHE, XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  return GRADLAB_CACHE ?? join(XDG_CACHE_HOME ?? LOCALAPPDATA ?? join(homedir(), ".cache"), "gradlab");
}

/** Fills the file from its end on, taking broken connections up again. */
async function receive(
  remote: RemoteFile,
  handle: FileHandle,
  file: string,
  options: DownloadOptions,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const { size: before } = await handle.stat();
    try {
      await receiveFrom(before, remote, handle, options);
      return;
    } catch (error) {
      if (error instanceof DownloadError) throw error;
      const { size } = await handle.stat();
      if (attempt < tries && size > before) continue;
      throw new DownloadError(
        `${remote.url}: ${size > 0 ? `broken off after ${size} bytes` : "cannot be reached"} (${reasonOf(error)}). ` +
          `Are you offline? The next call goes on where this one stopped; ` +
          `or put the file there yourself: ${file}`,
        { cause: error },
      );
    }
  }
}

async function receiveFrom(
  start: number,
  { url }: RemoteFile,
  handle: FileHandle,
  { onProgress, stallSeconds = 30 }: DownloadOptions,
): Promise<void> {
  const abort = new AbortController();
  const stalled = () => abort.abort(new Error(`no data for ${stallSeconds} seconds`));
  let timer = setTimeout(stalled, stallSeconds * 1000);
  try {
    // identity: a .gz file is to arrive as it is, not unpacked on the way
    const headers: Record<string, string> = { "accept-encoding": "identity" };
    if (start > 0) headers["range"] = `bytes=${start}-`;
    const response = await fetch(url, { headers, signal: abort.signal });
    if (response.status === 416) return; // nothing is left to send; the checksum tells whether all is there
    if (!response.ok || !response.body) {
      throw new DownloadError(`${url}: the server answered ${response.status} ${response.statusText}.`);
    }
    let position = response.status === 206 ? rangeStart(response, start) : 0;
    const length = response.headers.get("content-length");
    const total = length === null ? null : position + Number(length);
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      clearTimeout(timer);
      timer = setTimeout(stalled, stallSeconds * 1000);
      for (let written = 0; written < chunk.length;) {
        const { bytesWritten } = await handle.write(chunk, written, chunk.length - written, position);
        written += bytesWritten;
        position += bytesWritten;
      }
      onProgress?.(position, total);
    }
    await handle.truncate(position);
  } finally {
    clearTimeout(timer);
  }
}

/** Where the sent part begins; servers need not send what was asked for. */
function rangeStart(response: Response, asked: number): number {
  const range = /^bytes (\d+)-/.exec(response.headers.get("content-range") ?? "");
  const start = range ? Number(range[1]) : asked;
  if (start <= asked) return start;
  throw new DownloadError(
    `${response.url}: asked for bytes from ${asked} on, the server sent those from ${start} on.`,
  );
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

/** What went wrong underneath: fetch itself only says "fetch failed". */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof Error) return "code" in cause ? String(cause.code) : cause.message;
  return error.message;
}
