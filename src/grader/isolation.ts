import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import { randomInt } from "node:crypto";
import {
  closeSync,
  existsSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
} from "node:fs";
import { devNull } from "node:os";
import { dirname, join } from "node:path";
import { UserError } from "../errors.js";
import { compiledFile, packageRoot } from "../package.js";
import { findProgram } from "../programs.js";
import { defaultLimits, type Limits } from "./limits.js";
import { filterFd } from "./protocol.js";
import type { Tier } from "./results.js";

/** What is asked of the isolation of submissions: the best there is, nothing less than the sandbox, or none but Node's own. */
export const sandboxChoices = ["auto", "required", "off"] as const;
export type SandboxChoice = (typeof sandboxChoices)[number];

/** How submissions are isolated on this machine. */
export interface Isolation {
  tier: Tier;
  /** Why it is not the sandbox, and what to do about it. */
  missing?: string;
}

/** How to start a host process. */
export interface Launch {
  file: string;
  args: string[];
  /** A file that it reads through the descriptor `filterFd`. */
  filter?: string | undefined;
}

/** Node's permission model, under the name that this Node knows it by; undefined if it has none. */
const permissionFlag = ["--permission", "--experimental-permission"].find((flag) =>
  process.allowedNodeEnvironmentFlags.has(flag),
);

/** What any machine can do; what is used where nobody has asked for more. */
export const processTier: Tier = permissionFlag === undefined ? "none" : "process";

/**
 * Chooses how submissions are isolated.
 * @throws UserError if the sandbox is required and there is none.
 */
export function chooseIsolation(choice: SandboxChoice = "auto"): Isolation {
  if (choice === "off") return { tier: processTier };
  const missing = whyNoSandbox();
  if (missing === undefined) return { tier: "sandbox" };
  if (choice === "required") throw new UserError(`--sandbox required, but ${missing}`);
  return { tier: processTier, missing };
}

/** How the workers of a queue shall isolate submissions. What this machine can do says nothing of theirs. */
export function tierOfWorkers(choice: SandboxChoice): Tier {
  return choice === "required" ? "sandbox" : chooseIsolation(choice).tier;
}

/** What starts a host in a tier, with its limits as far as the system knows them. */
export function launchHost(tier: Tier, limits: Limits): Launch {
  const program = [compiledFile("grader/host-main.cjs"), tier, ...inheritedDescriptors().map(String)];
  const node = [process.execPath, ...nodeFlags(limits), ...program];
  if (tier === "sandbox") return sandboxed(node, limits);
  const limited = process.platform === "win32" ? node : [...limitedShell(tier, limits), ...node];
  const [file, ...args] = [...mortal(), ...limited];
  return { file, args };
}

/** Starts what is to be launched. `start` is given the descriptors that come after those of the host itself. */
export function withFilter<T>({ filter }: Launch, start: (descriptors: number[]) => T): T {
  const descriptors = filter === undefined ? [] : [openSync(filter, "r")];
  try {
    return start(descriptors);
  } finally {
    descriptors.forEach((descriptor) => closeSync(descriptor));
  }
}

/**
 * What this process was given beyond the usual three, such as a shell's `200>lock`, and would hand on: Node only knows of what it has opened.
 * The host closes it.
 */
function inheritedDescriptors(): number[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc/self/fdinfo")
    .map(Number)
    .filter((descriptor) => descriptor > 2 && !isClosedOnExec(descriptor));
}

function isClosedOnExec(descriptor: number): boolean {
  try {
    const flags = /^flags:\s+(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, "utf8"))![1];
    return (parseInt(flags, 8) & closeOnExec) !== 0;
  } catch {
    // Another thread has closed it.
    return true;
  }
}

/** O_CLOEXEC of Linux, which Node does not name. */
const closeOnExec = 0o2000000;

/** The folders whose files a host may read: the library and what it is made of. */
function readablePaths(): string[] {
  const modules: string[] = [];
  for (let at = packageRoot; ; at = dirname(at)) {
    const folder = join(at, "node_modules");
    if (existsSync(folder)) modules.push(folder);
    if (at === dirname(at)) return [compiledFile(""), join(packageRoot, "package.json"), ...modules];
  }
}

/**
 * A process of a tenth of a second gains by fewer collections of young objects, by fewer threads, by leaving the strings of Node's snapshot
 * hashed as they are, and by fewer functions optimized, of which V8 has been sparing by itself since Node 22.
 */
const shortLived = ["--min-semi-space-size=16", "--v8-pool-size=1", "--no-rehash-snapshot"];
if (process.versions.node.startsWith("20.")) shortLived.push("--interrupt-budget=2000000");

/** Where the trace events go that a submission can ask for. To load what writes them, and take it away, costs each host 2 ms. */
const nowhere = `--trace-event-file-pattern=${devNull}`;

/**
 * Flags for a host's Node: no child processes, no workers, no writing, and nothing to read but the library. In particular a submission
 * cannot read solutions, hidden tests or other submissions. What these leave open, `confine` closes.
 */
function nodeFlags({ memoryMegabytes }: Limits): string[] {
  const flags = [`--max-old-space-size=${memoryMegabytes}`, ...shortLived, "--no-warnings", nowhere];
  if (permissionFlag === undefined) return flags;
  const readable = readablePaths().map(
    (path) => `--allow-fs-read=${lstatSync(path).isDirectory() ? join(path, "*") : path}`,
  );
  return [...flags, permissionFlag, ...readable];
}

/**
 * Data segments that a Node process has beside what a submission fills: stacks of its threads, young objects. With less, V8 would fail in
 * its collector before it comes to its own limit, of which it can tell.
 */
const nodeMegabytes = 192;
let codeMegabytes: number | undefined;

/**
 * Memory for machine code. Since Node 24 V8 takes half a gigabyte, which stays unused for the most part and counts as data from the start,
 * in a host as in this process.
 */
function megabytesForCode(): number {
  return (codeMegabytes ??= largestCodeArea(readFileSync("/proc/self/maps", "utf8")) / 2 ** 20);
}

/** Bytes of the largest area that can be written and run, according to a process's `maps`. */
export function largestCodeArea(maps: string): number {
  const areas = [...maps.matchAll(/^(\w+)-(\w+) .wx/gm)];
  return Math.max(0, ...areas.map(([, start, end]) => parseInt(end, 16) - parseInt(start, 16)));
}

/** After so many times the processor time of an exercise the kernel ends a host, should the judge itself be gone. */
const lastResort = 30;

/** A POSIX shell that sets what a process may use, then becomes the program behind it. */
function limitedShell(tier: Tier, limits: Limits): string[] {
  const { cpuSeconds, memoryMegabytes, fileMegabytes, processes } = limits;
  const commands = [
    "ulimit -c 0",
    `ulimit -t ${Math.ceil(cpuSeconds * lastResort)}`,
    `ulimit -f ${fileMegabytes * 2048}`,
  ];
  // Heap, array buffers and WebAssembly alike. Only Linux counts them so; elsewhere the judge looks at the process.
  if (process.platform === "linux") commands.push(dataLimit(memoryMegabytes));
  // Per user, so only where the user is the submission's own. Shells differ on the letter.
  if (tier === "sandbox") commands.push(`ulimit -u ${processes} 2>/dev/null || ulimit -p ${processes}`);
  return shell([...commands, "unset PWD OLDPWD"]);
}

function shell(commands: readonly string[]): string[] {
  return ["/bin/sh", "-c", [...commands, 'exec "$@"'].join("; "), "sh"];
}

function dataLimit(memoryMegabytes: number): string {
  return `ulimit -d ${(memoryMegabytes + nodeMegabytes + megabytesForCode()) * 1024}`;
}

/** What starts a program of ours that may use so much memory, where the system has such a limit, and ends with this process. */
export function launchWithMemory(program: readonly string[], memoryMegabytes: number): Launch {
  const limited =
    process.platform === "linux"
      ? [...mortal(), ...shell(["ulimit -c 0", dataLimit(memoryMegabytes)]), ...program]
      : program;
  const [file, ...args] = limited;
  return { file, args };
}

/** Where the system can, it ends a host whose judge is gone, even killed by force. */
function mortal(): string[] {
  const setpriv = process.platform === "linux" ? findProgram("setpriv") : undefined;
  return setpriv === undefined ? [] : [setpriv, "--pdeathsig", "KILL"];
}

/** What of the system a host needs to run Node. */
const systemFolders = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/nix/store"];

/**
 * A command in a container by bubblewrap: no network, no view of other processes, nothing of the file system but Node and the library, all
 * of it read-only, an empty folder for temporary files, and no system calls that the filter for this kind of processor refuses, if there is
 * one (`scripts/make-seccomp-filters.py`). All its processes die with the one that starts it.
 */
function sandboxed(command: string[], limits: Limits): Launch {
  const compiled = compiledFile(`grader/seccomp/${process.arch}.bpf`);
  const filter = existsSync(compiled) ? compiled : undefined;
  const isRoot = process.getuid?.() === 0;
  const system = systemFolders.flatMap((folder) => {
    if (!existsSync(folder)) return [];
    return lstatSync(folder).isSymbolicLink()
      ? ["--symlink", readlinkSync(folder), folder]
      : ["--ro-bind", folder, folder];
  });
  const node = realpathSync(process.execPath);
  const library = [...readablePaths(), ...new Set([node, process.execPath])].filter(
    (path) => !path.startsWith("/usr/"),
  );
  const args = [
    ...["--die-with-parent", "--new-session", "--hostname", "sandbox"],
    ...["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"],
    ...["--cap-drop", "ALL"],
    ...(filter === undefined ? [] : ["--seccomp", String(filterFd)]),
    ...(isRoot ? keepIdCapabilities : ["--unshare-user", "--uid", "65534", "--gid", "65534"]),
    ...system,
    // Before the library, which may lie in there.
    ...["--perms", "1777", "--size", String(limits.fileMegabytes * 2 ** 20), "--tmpfs", "/tmp"],
    // bubblewrap would make the folders above them for its own user only.
    ...[...new Set(library.flatMap(ancestors))].flatMap((folder) => ["--dir", folder]),
    ...library.flatMap((path) => ["--ro-bind", path, path]),
    ...["--proc", "/proc", "--dev", "/dev", "--remount-ro", "/dev"],
    ...["--remount-ro", "/", "--chdir", "/tmp"],
    "--",
    ...(isRoot ? otherUser() : []),
    ...limitedShell("sandbox", limits),
    ...command,
  ];
  return { file: findProgram("bwrap")!, args, filter };
}

/** Runs any command in a sandbox, as a host would run there. */
export function runSandboxed(command: string[], limits: Limits = defaultLimits): SpawnSyncReturns<string> {
  const launch = sandboxed(command, limits);
  return withFilter(launch, (descriptors) =>
    spawnSync(launch.file, launch.args, {
      stdio: ["ignore", "pipe", "pipe", "ignore", "ignore", ...descriptors],
      encoding: "utf8",
      env: {},
      timeout: 10_000,
    }),
  );
}

/** The folders above a path, outermost first, without the root. */
function ancestors(path: string): string[] {
  const parent = dirname(path);
  return parent === dirname(parent) ? [] : [...ancestors(parent), parent];
}

/** Root's sandboxes need no user namespace; each changes to a user that nobody else is, for whom processes are counted. */
const keepIdCapabilities = ["CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP"].flatMap((name) => ["--cap-add", name]);

const firstUser = 2_000_000_000;

function otherUser(): string[] {
  const id = String(firstUser + randomInt(100_000_000));
  const nothing = ["--bounding-set=-all", "--inh-caps=-all", "--no-new-privs"];
  return ["/usr/bin/setpriv", "--reuid", id, "--regid", id, "--clear-groups", ...nothing];
}

let reason: { missing: string | undefined } | undefined;

/** Why there is no sandbox on this machine and what to do about it; undefined if there is one. Found out by starting one. */
export function whyNoSandbox(): string | undefined {
  return (reason ??= { missing: probe() }).missing;
}

function probe(): string | undefined {
  if (process.platform !== "linux") return `the sandbox needs Linux, and this is ${process.platform}`;
  if (findProgram("bwrap") === undefined)
    return "bubblewrap is not installed (Debian, Ubuntu: apt-get install bubblewrap; Fedora: dnf install bubblewrap)";
  const program = compiledFile("grader/host-main.cjs");
  const command = [
    "/bin/sh",
    "-c",
    '[ -r "$1" ] && echo works || echo "$1 is not for everyone to read" >&2',
    "sh",
    program,
  ];
  const { stdout, stderr, error } = runSandboxed(command);
  if (stdout === "works\n") return undefined;
  const said = error?.message ?? stderr.trim().split("\n").at(-1) ?? "";
  return `bubblewrap cannot start a sandbox here: ${restriction() ?? said}`;
}

/** The settings by which systems forbid user namespaces, with what lifts them. */
const restrictions = [
  {
    name: "kernel.apparmor_restrict_unprivileged_userns",
    forbids: "1",
    why: "AppArmor restricts user namespaces",
    lift: "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0, or an AppArmor profile for bwrap",
  },
  {
    name: "kernel.unprivileged_userns_clone",
    forbids: "0",
    why: "the kernel refuses user namespaces to ordinary users",
    lift: "sysctl -w kernel.unprivileged_userns_clone=1",
  },
  {
    name: "user.max_user_namespaces",
    forbids: "0",
    why: "the number of user namespaces is limited to none",
    lift: "sysctl -w user.max_user_namespaces=10000",
  },
];

/** @param read gives a kernel setting, for tests */
export function restriction(read = readSetting): string | undefined {
  const found = restrictions.find(({ name, forbids }) => read(name) === forbids);
  return (
    found && `${found.why} (${found.name} is ${found.forbids}; an administrator lifts it with ${found.lift})`
  );
}

function readSetting(name: string): string | undefined {
  try {
    return readFileSync(`/proc/sys/${name.replaceAll(".", "/")}`, "utf8").trim();
  } catch {
    return undefined;
  }
}
