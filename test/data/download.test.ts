import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { DownloadError, idxImages, type RemoteFile } from "../../src/index.js";
import { download } from "../../src/data/download.js";

const content = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * i) % 251));
const sha256 = createHash("sha256").update(content).digest("hex");

let cache: string;
let server: Server;
let remote: RemoteFile;
/** What was asked for: the Range header of each request. */
let requests: (string | undefined)[];
let respond: (request: IncomingMessage, response: ServerResponse) => void;

beforeEach(async () => {
  cache = mkdtempSync(join(tmpdir(), "gradlab-cache-"));
  requests = [];
  respond = serve(content);
  server = createServer((request, response) => {
    requests.push(request.headers.range);
    respond(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  remote = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/data/file.bin?v=1`, sha256 };
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(cache, { recursive: true });
});

/** A server of one file that knows ranges, unless told otherwise, and may break off after so many bytes. */
function serve(bytes: Buffer, { ranges = true, breakAfter = Infinity } = {}) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    const start = ranges ? Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0) : 0;
    if (start >= bytes.length) {
      response.writeHead(416).end();
      return;
    }
    const rest = bytes.subarray(start);
    const range = `bytes ${start}-${bytes.length - 1}/${bytes.length}`;
    const headers = { "content-length": rest.length, ...(start > 0 ? { "content-range": range } : {}) };
    response.writeHead(start > 0 ? 206 : 200, headers);
    if (rest.length <= breakAfter) response.end(rest);
    else response.write(rest.subarray(0, breakAfter), () => setTimeout(() => response.destroy(), 20));
  };
}

const place = () => join(cache, sha256.slice(0, 16), "file.bin");
const partial = () => `${place()}.part`;
const failure = async (promise: Promise<unknown>): Promise<DownloadError> => {
  const error: unknown = await promise.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(DownloadError);
  return error as DownloadError;
};
const startedEarlier = (bytes: Buffer) => {
  mkdirSync(dirname(partial()), { recursive: true });
  writeFileSync(partial(), bytes);
};

describe("a download", () => {
  test("arrives whole, is kept, and is not asked for again", async () => {
    const progress = vi.fn();
    const path = await download(remote, { cache, onProgress: progress });
    expect(path).toBe(place());
    expect(readFileSync(path).equals(content)).toBe(true);
    expect(readdirSync(dirname(path))).toEqual(["file.bin"]);
    expect(progress).toHaveBeenLastCalledWith(content.length, content.length);
    await download(remote, { cache });
    expect(requests).toEqual([undefined]);
  });

  test("that breaks off is taken up again where it stopped", async () => {
    respond = serve(content, { breakAfter: 100_000 });
    const path = await download(remote, { cache });
    expect(readFileSync(path).equals(content)).toBe(true);
    expect(requests).toEqual([undefined, "bytes=100000-", "bytes=200000-"]);
  });

  test("that brings nothing any more is given up, and resumed by the next call", async () => {
    const whole = serve(content, { breakAfter: 100_000 });
    respond = (request, response) => (requests.length === 1 ? whole(request, response) : response.destroy());
    const error = await failure(download(remote, { cache }));
    expect(error.message).toContain(`${remote.url}: broken off after 100000 bytes (`);
    expect(error.message).toContain(
      `Are you offline? The next call goes on where this one stopped; or put the file there yourself: ${place()}`,
    );
    expect([existsSync(place()), existsSync(partial())]).toEqual([false, true]);

    respond = serve(content);
    expect(readFileSync(await download(remote, { cache })).equals(content)).toBe(true);
    expect(requests.at(-1)).toBe("bytes=100000-");
  });

  test("resumes what an earlier process left", async () => {
    startedEarlier(content.subarray(0, 123_456));
    expect(readFileSync(await download(remote, { cache })).equals(content)).toBe(true);
    expect(requests).toEqual(["bytes=123456-"]);
  });

  test("that was complete but not yet checked needs no byte more", async () => {
    startedEarlier(content);
    expect(readFileSync(await download(remote, { cache })).equals(content)).toBe(true);
    expect(requests).toEqual([`bytes=${content.length}-`]);
  });

  test("from a server without ranges starts over", async () => {
    respond = serve(content, { ranges: false });
    startedEarlier(Buffer.alloc(1000, 7));
    expect(readFileSync(await download(remote, { cache })).equals(content)).toBe(true);
    expect(requests).toEqual(["bytes=1000-"]);
  });

  test("from a server without ranges may be shorter than what was there", async () => {
    respond = serve(content, { ranges: false });
    startedEarlier(Buffer.alloc(content.length + 5, 7));
    expect(readFileSync(await download(remote, { cache })).equals(content)).toBe(true);
    expect(requests).toHaveLength(1);
  });

  test("that went on from the beginning of another file starts over", async () => {
    startedEarlier(Buffer.alloc(1000, 7));
    expect(readFileSync(await download(remote, { cache })).equals(content)).toBe(true);
    expect(requests).toEqual(["bytes=1000-", undefined]);
  });

  test("of two processes at once ends well for both", async () => {
    const paths = await Promise.all([download(remote, { cache }), download(remote, { cache })]);
    expect(paths).toEqual([place(), place()]);
    expect(readFileSync(place()).equals(content)).toBe(true);
    expect(readdirSync(dirname(place()))).toEqual(["file.bin"]);
  });

  test("with a wrong checksum leaves nothing behind", async () => {
    const other = Buffer.from("another file");
    respond = serve(other);
    const found = createHash("sha256").update(other).digest("hex");
    expect((await failure(download(remote, { cache }))).message).toBe(
      `${remote.url}: the checksum is wrong: SHA-256 is ${found}, expected ${sha256}. ` +
        `What was received is deleted. The server may have another file than the one expected.`,
    );
    expect(readdirSync(dirname(place()))).toEqual([]);
  });

  test.for([
    [404, "Not Found"],
    [503, "Service Unavailable"],
  ] as const)("answered with status %i is not kept", async ([status, text]) => {
    respond = (_request, response) => response.writeHead(status).end("<html>sorry</html>");
    const error = await failure(download(remote, { cache }));
    expect(error.message).toBe(`${remote.url}: the server answered ${status} ${text}.`);
    expect(existsSync(place())).toBe(false);
  });

  test("that the server resumes further on than asked is refused, for a part would be missing", async () => {
    startedEarlier(content.subarray(0, 1000));
    respond = (_request, response) => {
      response.writeHead(206, { "content-range": `bytes 2000-${content.length - 1}/${content.length}` });
      response.end(content.subarray(2000));
    };
    const error = await failure(download(remote, { cache }));
    expect(error.message).toBe(
      `${remote.url}: asked for bytes from 1000 on, the server sent those from 2000 on.`,
    );
    expect(existsSync(place())).toBe(false);
  });

  test("that stalls is given up", async () => {
    respond = (_request, response) => {
      response.writeHead(200, { "content-length": content.length });
      response.write(content.subarray(0, 10));
    };
    const error = await failure(download(remote, { cache, stallSeconds: 0.2 }));
    expect(error.message).toContain("no data for 0.2 seconds");
  });

  test("offline says so and where the file would go", async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    expect((await failure(download(remote, { cache }))).message).toBe(
      `${remote.url}: cannot be reached (ECONNREFUSED). Are you offline? ` +
        `The next call goes on where this one stopped; or put the file there yourself: ${place()}`,
    );
    expect(existsSync(place())).toBe(false);
    server.listen(0);
  });

  test("goes where GRADLAB_CACHE says", async () => {
    vi.stubEnv("GRADLAB_CACHE", cache);
    try {
      expect(await download(remote)).toBe(place());
    } finally {
      vi.unstubAllEnvs();
    }
  });
});

test("images come from the network as they are, unpacked only here", async () => {
  const file = (shape: number[], elements: number[]) => {
    const header = [0, 0, 8, shape.length, ...shape.flatMap((size) => [0, 0, 0, size])];
    return gzipSync(Uint8Array.from([...header, ...elements]));
  };
  const files: Record<string, Buffer> = {
    "/images.gz": file([2, 1, 2], [0, 255, 255, 0]),
    "/labels.gz": file([2], [3, 8]),
  };
  respond = (request, response) => {
    expect(request.headers["accept-encoding"]).toBe("identity");
    response.writeHead(200).end(files[request.url!]);
  };
  const remoteOf = (path: string): RemoteFile => ({
    url: new URL(path, remote.url).href,
    sha256: createHash("sha256").update(files[path]).digest("hex"),
  });
  const { tensors } = await idxImages(remoteOf("/images.gz"), remoteOf("/labels.gz"), { cache });
  expect(tensors[0].toArray()).toEqual([[[[0, 1]]], [[[1, 0]]]]);
  expect(tensors[1].toArray()).toEqual([3, 8]);
});
