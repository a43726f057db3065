import { Redis } from "ioredis";
import { messageOf, UserError } from "../../errors.js";
import { printable } from "../printable.js";

/** Milliseconds to wait for a connection. */
const connectTimeout = 5000;
/** Milliseconds between two attempts to connect again, at most. */
const longestPause = 2000;

/** A connection that lasts: while the server is away, commands wait. */
export interface Connection {
  redis: Redis;
  /** The server as messages name it: without user and password. */
  shownUrl: string;
}

/**
 * Connects to Redis or Valkey.
 * @throws UserError if the URL is none, nobody answers there, or the password is wrong
 */
export async function connectRedis(url: string): Promise<Connection> {
  const { options, shownUrl } = parseRedisUrl(url);
  const redis = new Redis({
    ...options,
    connectTimeout,
    lazyConnect: true,
    // As BullMQ needs it.
    maxRetriesPerRequest: null,
    retryStrategy: (times) => Math.min(100 * 2 ** times, longestPause),
  });
  let problem: unknown;
  const note = (error: unknown) => void (problem ??= error);
  redis.on("error", note);
  try {
    await redis.connect();
    await redis.ping();
  } catch (error) {
    redis.disconnect();
    throw new UserError(`${shownUrl}: ${whyNoConnection(problem ?? error)}`);
  }
  redis.off("error", note);
  tellOutages(redis, shownUrl);
  return { redis, shownUrl };
}

function whyNoConnection(error: unknown): string {
  const message = printable(messageOf(error) || "no connection");
  // Someone is there, and has answered.
  if (error instanceof Error && error.name === "ReplyError")
    return /^NOAUTH/.test(message) ? "it asks for a password, which belongs into the URL" : message;
  if (/certificate/.test(message))
    return `${message}. If it is your own, name the file with your authority's certificate in NODE_EXTRA_CA_CERTS.`;
  return `${message}. Is Redis or Valkey running there?`;
}

interface ServerOptions {
  host: string;
  port: number;
  db: number;
  username?: string;
  password?: string;
  tls?: object;
}

/** The options of a URL like `rediss://user:password@host:6380/1`. */
export function parseRedisUrl(text: string): { options: ServerOptions; shownUrl: string } {
  // Not to be shown: it may hold a password.
  const expected =
    "--queue: expected a URL like redis://localhost:6379 or rediss://user:password@host:6380/0";
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new UserError(expected);
  }
  const { protocol, hostname, port, pathname } = url;
  if (!["redis:", "rediss:"].includes(protocol))
    throw new UserError(`${expected}, got one of ${JSON.stringify(protocol)}`);
  if (hostname === "" || !/^(\/\d*)?$/.test(pathname)) throw new UserError(expected);
  const options: ServerOptions = {
    host: hostname.replace(/^\[|\]$/g, ""),
    port: port === "" ? 6379 : Number(port),
    db: Number(pathname.slice(1)),
    ...(url.username !== "" && { username: decode(url.username, expected) }),
    ...(url.password !== "" && { password: decode(url.password, expected) }),
    ...(protocol === "rediss:" && { tls: {} }),
  };
  return { options, shownUrl: `${protocol}//${hostname}:${options.port}/${options.db}` };
}

function decode(text: string, expected: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new UserError(`${expected}; write % in a password as %25`);
  }
}

/** Says once that the server is away, and once that it is back. */
function tellOutages(redis: Redis, shownUrl: string): void {
  let isAway = false;
  redis.on("error", (error) => {
    if (!isAway)
      console.error(
        `gradlab: ${shownUrl}: ${printable(messageOf(error) || "no connection")}; waiting for it`,
      );
    isAway = true;
  });
  redis.on("ready", () => {
    if (isAway) console.error(`gradlab: ${shownUrl}: connected again`);
    isAway = false;
  });
}
