import { execFileSync, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { KernelClient } from "../../src/kernel/client.js";
import { kernelspec, userDataFolder } from "../../src/kernel/kernelspec.js";
import { compiledFile } from "../../src/package.js";

const directory = mkdtempSync(join(tmpdir(), "gradlab-test-"));
afterAll(() => rmSync(directory, { recursive: true }));

function kernelCommand(args: string[], env: NodeJS.ProcessEnv = {}) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [compiledFile("cli/main.js"), "kernel", ...args],
    {
      encoding: "utf8",
      env: { ...process.env, ...env },
    },
  );
  return { status, stdout, stderr };
}

test.for([
  ["linux", { XDG_DATA_HOME: "/data" }, "/data/jupyter"],
  ["linux", {}, "/home/u/.local/share/jupyter"],
  ["darwin", {}, "/home/u/Library/Jupyter"],
  ["win32", { APPDATA: "/home/u/AppData/Roaming" }, "/home/u/AppData/Roaming/jupyter"],
  ["win32", { JUPYTER_DATA_DIR: "/j" }, "/j"],
  ["linux", { JUPYTER_DATA_DIR: "/j", XDG_DATA_HOME: "/data" }, "/j"],
] as const)("on %s with %o the data folder is %s", ([platform, env, folder]) => {
  expect(userDataFolder(env, platform, "/home/u").replaceAll("\\", "/")).toBe(folder);
});

test("install writes a kernelspec that starts this gradlab with this Node; uninstall removes it", () => {
  const env = { JUPYTER_DATA_DIR: join(directory, "data") };
  const folder = join(directory, "data", "kernels", "gradlab");
  for (const again of [false, true]) {
    expect({ again, ...kernelCommand(["install"], env) }).toMatchObject({ again, status: 0, stderr: "" });
    const spec = JSON.parse(readFileSync(join(folder, "kernel.json"), "utf8")) as { argv: string[] };
    expect(spec).toMatchObject({
      language: "typescript",
      interrupt_mode: "message",
      display_name: "TypeScript (gradlab)",
    });
    expect(spec.argv[0]).toBe(process.execPath);
    expect(spec.argv).toContain("{connection_file}");
    const version = execFileSync(spec.argv[0], [spec.argv[1], "--version"], { encoding: "utf8" });
    expect(version).toMatch(/^\d+\.\d+\.\d+/);
  }
  expect(readdirSync(join(directory, "data", "kernels"))).toEqual(["gradlab"]);
  expect(kernelCommand(["uninstall"], env)).toMatchObject({ status: 0, stderr: "" });
  expect(existsSync(folder)).toBe(false);
});

// VS Code starts kernels without a shell and without Python: what its Jupyter extension reads of a kernelspec.
test("VS Code can start the kernelspec on every system, and knows the language", () => {
  const { argv, ...spec } = kernelspec() as { argv: string[]; env: object; metadata: object };
  // No shell finds programs, reads a shebang or splits words: an absolute program, then one argument each.
  expect(isAbsolute(argv[0])).toBe(true);
  expect(argv[0]).toBe(process.execPath);
  expect(isAbsolute(argv[1])).toBe(true);
  expect(argv[1]).toMatch(/main\.js$/);
  expect(argv.filter((argument) => argument.includes("{connection_file}"))).toEqual(["{connection_file}"]);
  for (const argument of argv) expect(argument).not.toMatch(/["'%$]|^~/);
  // The identifier of the language, by which cells are highlighted; a message interrupts, as signals do not on Windows.
  expect(spec).toEqual({
    display_name: "TypeScript (gradlab)",
    language: "typescript",
    interrupt_mode: "message",
    env: {},
    metadata: { debugger: false },
  });
});

test("a path with spaces is one argument: the installed kernelspec runs as it stands", async () => {
  const spaced = join(directory, "a folder");
  mkdirSync(spaced);
  const { argv } = kernelspec() as { argv: string[] };
  const kernel = await KernelClient.launch({ command: argv.slice(0, -1), cwd: spaced, transport: "tcp" });
  try {
    const { reply } = await kernel.execute("1 + 1");
    expect(reply.status).toBe("ok");
  } finally {
    await kernel.close();
  }
});

test("a prefix and a name of one's own", () => {
  const prefix = join(directory, "venv");
  expect(kernelCommand(["install", "--prefix", prefix, "--name", "ts"])).toMatchObject({ status: 0 });
  expect(existsSync(join(prefix, "share", "jupyter", "kernels", "ts", "kernel.json"))).toBe(true);
  expect(kernelCommand(["install", "--sys-prefix"], { VIRTUAL_ENV: join(directory, "env") })).toMatchObject({
    status: 0,
  });
  expect(existsSync(join(directory, "env", "share", "jupyter", "kernels", "gradlab", "kernel.json"))).toBe(
    true,
  );
});

test("another program's kernel is left alone", () => {
  const folder = join(directory, "other", "kernels", "gradlab");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "kernel.json"), '{"argv": ["python3"]}');
  const env = { JUPYTER_DATA_DIR: join(directory, "other") };
  for (const command of ["install", "uninstall"]) {
    const { status, stderr } = kernelCommand([command], env);
    expect(status).toBe(1);
    expect(stderr).toMatch(/holds something else than the gradlab kernel/);
  }
  expect(readFileSync(join(folder, "kernel.json"), "utf8")).toContain("python3");
});

writeFileSync(join(directory, "file"), "");
test.for([
  ["where nothing is installed", ["uninstall"], { JUPYTER_DATA_DIR: join(directory, "none") }],
  ["below a file", ["install", "--prefix", join(directory, "file")], {}],
  ["with a path for a name", ["install", "--name", "../x"], {}],
  ["for two places", ["install", "--user", "--prefix", directory], {}],
  [
    "for no Python environment",
    ["install", "--sys-prefix"],
    { VIRTUAL_ENV: undefined, CONDA_PREFIX: undefined },
  ],
  ["without a connection file", ["start", "--connection-file", join(directory, "none.json")], {}],
] as const)("%s: one line, exit status 1", ([, args, env]) => {
  const { status, stdout, stderr } = kernelCommand([...args], env);
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toMatch(/^gradlab: [^\n]+\n$/);
});
