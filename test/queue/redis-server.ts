import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";

/** A Redis of one's own, on a free port and in a folder for the time being, which writes down every command. */
export class RedisServer {
  readonly port: number;
  /** Where it speaks TLS, with a certificate for localhost. */
  readonly tlsPort: number;
  readonly #folder = mkdtempSync(join(tmpdir(), "gradlab-redis-"));
  readonly #password: string;
  #process: ChildProcess | undefined;

  private constructor(port: number, tlsPort: number, password: string) {
    this.port = port;
    this.tlsPort = tlsPort;
    this.#password = password;
  }

  static async start({ password = "" } = {}): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), await freePort(), password);
    server.#makeCertificate();
    await server.start();
    return server;
  }

  /** Its certificate, which nobody has signed but itself. */
  get certificate(): string {
    return join(this.#folder, "certificate.pem");
  }

  #makeCertificate(): void {
    const names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
    const files = ["-keyout", join(this.#folder, "key.pem"), "-out", this.certificate];
    execFileSync(
      "openssl",
      ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", ...names, ...files],
      {
        stdio: "pipe",
      },
    );
  }

  get url(): string {
    const user = this.#password === "" ? "" : `:${encodeURIComponent(this.#password)}@`;
    return `redis://${user}127.0.0.1:${this.port}`;
  }

  /** Starts it, again or for the first time; it is ready then. */
  async start(): Promise<void> {
    const settings = {
      port: this.port,
      "tls-port": this.tlsPort,
      "tls-cert-file": this.certificate,
      "tls-key-file": join(this.#folder, "key.pem"),
      "tls-auth-clients": "no",
      bind: "127.0.0.1",
      dir: this.#folder,
      appendonly: "yes",
      appendfsync: "always",
      save: "",
    };
    const args = Object.entries({ ...settings, requirepass: this.#password }).flatMap(([name, value]) => [
      `--${name}`,
      String(value),
    ]);
    this.#process = spawn("redis-server", args, { stdio: ["ignore", "pipe", "inherit"] });
    let log = "";
    for await (const chunk of this.#process.stdout!) {
      log += String(chunk);
      if (log.includes("Ready to accept connections")) return void this.#process.stdout!.resume();
    }
    throw new Error(`redis-server did not start:\n${log}`);
  }

  async kill(): Promise<void> {
    const server = this.#process;
    if (!server) return;
    this.#process = undefined;
    const closed = once(server, "exit");
    server.kill("SIGKILL");
    await closed;
  }

  /** Asks it something over a connection of its own. */
  async ask<T>(question: (redis: Redis) => Promise<T>): Promise<T> {
    const redis = new Redis(this.url, { lazyConnect: true });
    try {
      await redis.connect();
      return await question(redis);
    } finally {
      redis.disconnect();
    }
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
