import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { UserError } from "../../src/errors.js";
import { createConnectionFile, endpoint, readConnectionFile } from "../../src/kernel/connection-file.js";

const directory = mkdtempSync(join(tmpdir(), "gradlab-test-"));
afterAll(() => rmSync(directory, { recursive: true }));

const jupyters = {
  shell_port: 1,
  iopub_port: 2,
  stdin_port: 3,
  control_port: 4,
  hb_port: 5,
  ip: "127.0.0.1",
  key: "k",
  transport: "tcp",
  signature_scheme: "hmac-sha256",
  kernel_name: "gradlab",
};

function written(content: unknown): string {
  const file = join(directory, "kernel.json");
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
}

test("reads Jupyter's file", () => {
  const info = readConnectionFile(written(jupyters));
  expect(endpoint(info, "shell")).toBe("tcp://127.0.0.1:1");
  expect(endpoint({ ...info, transport: "ipc", ip: "/tmp/k" }, "hb")).toBe("ipc:///tmp/k-5");
});

test("writes one that only we can read, with a key of its own", async () => {
  const file = join(directory, "own.json");
  const info = await createConnectionFile(file, directory);
  expect(readConnectionFile(file)).toEqual(info);
  expect(info.key).toMatch(/^[0-9a-f]{64}$/);
  if (process.platform !== "win32") expect(statSync(file).mode & 0o077).toBe(0);
});

test.for([
  ["cut off", '{"shell_port": 1'],
  ["no object", "3"],
  ["a port missing", { ...jupyters, hb_port: undefined }],
  ["a port in words", { ...jupyters, hb_port: "5" }],
  ["no key", { ...jupyters, key: undefined }],
  ["an unknown transport", { ...jupyters, transport: "udp" }],
  ["an unknown signature scheme", { ...jupyters, signature_scheme: "hmac-rot13" }],
] as const)("refuses %s in one line", ([, content]) => {
  const file = written(content);
  expect(() => readConnectionFile(file)).toThrow(UserError);
  expect(() => readConnectionFile(file)).toThrow(/^connection file .*kernel\.json: [^\n]+$/);
});

test("names a file that is not there", () => {
  expect(() => readConnectionFile(join(directory, "none.json"))).toThrow(
    /none\.json: cannot be read \(ENOENT\)/,
  );
});
