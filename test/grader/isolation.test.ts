import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { UserError } from "../../src/errors.js";
import { compileSubmission } from "../../src/course/compile.js";
import { Host } from "../../src/grader/host.js";
import {
  chooseIsolation,
  largestCodeArea,
  processTier,
  restriction,
  runSandboxed,
  whyNoSandbox,
} from "../../src/grader/isolation.js";
import { defaultLimits, type Limits } from "../../src/grader/limits.js";
import type { Tier } from "../../src/grader/results.js";
import { compiledFile, packageRoot } from "../../src/package.js";

const hasSandbox = whyNoSandbox() === undefined;

describe("the choice", () => {
  test("off is Node's own isolation; auto is the best there is", () => {
    expect(chooseIsolation("off")).toEqual({ tier: processTier });
    expect(chooseIsolation("auto").tier).toBe(hasSandbox ? "sandbox" : processTier);
  });

  test.runIf(hasSandbox)("required is the sandbox", () => {
    expect(chooseIsolation("required")).toEqual({ tier: "sandbox" });
  });

  test.runIf(!hasSandbox)("required is refused without one, with the reason", () => {
    expect(() => chooseIsolation("required")).toThrow(UserError);
  });

  test.for([
    ["kernel.apparmor_restrict_unprivileged_userns", "1", "AppArmor restricts user namespaces"],
    ["kernel.unprivileged_userns_clone", "0", "the kernel refuses user namespaces to ordinary users"],
    ["user.max_user_namespaces", "0", "the number of user namespaces is limited to none"],
  ] as const)("%s = %s is told with what lifts it", ([setting, value, why]) => {
    const told = restriction((name) => (name === setting ? value : undefined));
    expect(told).toContain(why);
    expect(told).toContain(`sysctl -w ${setting}=`);
  });

  test("no restriction, no reason", () => {
    expect(restriction(() => undefined)).toBeUndefined();
  });
});

test("the largest area for code is found among what Node 24 maps", () => {
  const maps = [
    "7fbc40000000-7fbc60000000 rwxp 00000000 00:00 0",
    "7fbc6c021000-7fbc70000000 ---p 00000000 00:00 0",
    "7fbc7b600000-7fbc7bc00000 rwxp 00000000 00:00 0",
    "7fbc00000000-7fbcf0000000 r-xp 00000000 08:01 42 /usr/bin/node",
  ].join("\n");
  expect(largestCodeArea(maps)).toBe(512 * 2 ** 20);
  expect(largestCodeArea("")).toBe(0);
});

const probe = `
const builtin = (id: string): any => (process as any).getBuiltinModule(id);
const attempt = (f: () => unknown) => { try { return f(); } catch (e: any) { return e.code ?? e.message; } };
export const kill = (pid: number, signal: string) => attempt(() => process.kill(pid, signal));
export const internals = () => ["_kill", "_debugProcess", "binding", "dlopen", "report"].map((name) => (process as any)[name] === undefined);
export const processes = () => attempt(() => builtin("fs").readdirSync("/proc"));
export const connect = (port: number) => new Promise((resolve) => builtin("net").connect(port, "127.0.0.1").on("connect", () => resolve("connected")).on("error", (e: any) => resolve(e.code)));
export const read = (descriptor: number) => attempt(() => builtin("fs").readFileSync(descriptor, "utf8"));
export const user = () => (process as any).getuid();
export const spin = () => { for (;;); };
export const spinLater = () => { setTimeout(() => { for (;;); }); return new Promise(() => {}); };
`;

const tiers = [...new Set<Tier>([processTier, ...(hasSandbox ? (["sandbox"] as const) : [])])];

describe.for(tiers)("in the tier %s", (tier) => {
  let host: Host;
  const start = async () => {
    const deadline = performance.now() + 20_000;
    host = new Host(() => deadline, { tier, limits: defaultLimits });
    await host.prepare(false);
    await host.load(await compileSubmission(probe));
  };
  afterEach(() => (host as Host | undefined)?.kill());

  test("no signal reaches another process", async () => {
    await start();
    for (const signal of ["SIGKILL", "SIGSTOP", "SIGUSR1"])
      expect(await host.call("kill", [process.pid, signal])).toBe("EPERM");
    expect(await host.call("internals", [])).toEqual([true, true, true, true, true]);
  });

  test("the library can be used, and its memory is looked after", async () => {
    const deadline = performance.now() + 20_000;
    host = new Host(() => deadline, { tier, limits: defaultLimits });
    await host.prepare(true);
    await host.load(
      await compileSubmission(
        'import { randn } from "gradlab";\nexport const f = () => { let s = 0; for (let i = 0; i < 40; i++) s += randn([100, 1000]).mul(0).sum().item(); return s; };',
      ),
    );
    expect(await host.call("f", [])).toBe(0);
  });

  test.runIf(existsSync("/proc"))("no file that the judge itself was given is open", () => {
    // A number that Node does not think of; the judge's own shell may have others, such as one that locks.
    const judge = [
      "-c",
      'exec 200<package.json; exec "$@"',
      "bash",
      process.execPath,
      "--input-type=module",
      "-e",
    ];
    const { stdout, stderr } = spawnSync("bash", [...judge, judgeSource(tier, reading)], {
      cwd: packageRoot,
      encoding: "utf8",
    });
    expect(stderr).toBe("");
    expect(stdout).toBe("EBADF\n");
  });

  test.runIf(tier === "sandbox")("there is no network", async () => {
    await start();
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as { port: number };
    try {
      expect(await host.call("connect", [port])).toBe("EPERM");
    } finally {
      server.close();
    }
  });

  test.runIf(tier === "sandbox")("the user is nobody of this machine", async () => {
    await start();
    expect(await host.call("user", [])).toBeGreaterThan(60_000);
  });

  test.runIf(existsSync("/proc"))(
    "a host that spins dies with a judge that is killed",
    { timeout: 30_000 },
    async () => {
      await start();
      const judge = spawn(process.execPath, ["--input-type=module", "-e", judgeSource(tier, spinning)], {
        stdio: ["ignore", "pipe", "inherit"],
        env: { ...process.env, GRADLAB_TEST_MARK: "spin" },
      });
      await new Promise((resolve) => judge.stdout.once("data", resolve));
      const hosts = descendants(judge.pid!);
      expect(hosts.length).toBeGreaterThan(0);
      judge.kill("SIGKILL");
      // In the process tier the kernel ends what spins after its processor time only.
      if (tier === "sandbox") await expect.poll(() => hosts.filter(isAlive), { timeout: 5000 }).toEqual([]);
      else hosts.filter(isAlive).forEach((pid) => process.kill(pid, "SIGKILL"));
    },
  );
});

describe.runIf(hasSandbox)("what runs in the sandbox, were it not Node,", () => {
  /** A shell in the place of the host. */
  function shell(script: string, limits: Partial<Limits> = {}) {
    return runSandboxed(["/bin/sh", "-c", script], { ...defaultLimits, ...limits });
  }

  test("starts so many processes and no more", () => {
    const script = "i=0; while [ $i -lt 30 ]; do sleep 1 & i=$((i+1)); done";
    expect(shell(script, { processes: 40 })).toMatchObject({ status: 0, stderr: "" });
    expect(shell(script, { processes: 10 }).stderr).toContain("fork");
  });

  test("takes its children with it, whatever session they have made", () => {
    const mark = `sleep 31.${process.pid}`;
    shell(`setsid ${mark} & setsid sh -c 'setsid ${mark} &' & sleep 0.2`);
    const commands = readdirSync("/proc").flatMap((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
      } catch {
        return [];
      }
    });
    expect(commands.filter((command) => command.includes(mark))).toEqual([]);
  });

  test("writes into its own folder for temporary files, and little there", () => {
    const script =
      "for d in / /usr /dev /dev/shm /proc /tmp; do (echo x > $d/x) 2>/dev/null && echo $d; done";
    expect(shell(script).stdout).toBe("/tmp\n");
    expect(shell("head -c 3000000 /dev/zero > /tmp/x", { fileMegabytes: 1 }).status).not.toBe(0);
  });

  test("is refused the system calls that it has no use for", () => {
    expect(shell("grep Seccomp: /proc/self/status").stdout).toBe("Seccomp:\t2\n");
    expect(shell("unshare --user true").stderr).toContain("Operation not permitted");
    const calls = {
      socket: "socket my $s, 1, 1, 0",
      "socket of the kernel": "socket my $s, 16, 3, 0",
      ptrace: 'syscall 117 + (`uname -m` =~ "x86" ? -16 : 0), 0, 0, 0, 0',
      keyctl: 'syscall 219 + (`uname -m` =~ "x86" ? 31 : 0), 0, -3, 1',
      io_uring_setup: "syscall 425, 1, 0",
    };
    for (const [name, call] of Object.entries(calls)) {
      const script = `$! = 0; my $result = (${call}); print defined $result && $result != -1 ? "allowed" : $!`;
      expect(shell(`perl -e '${script}'`).stdout, name).toBe("Operation not permitted");
    }
  });

  test("sees nothing but Node, the library and itself", () => {
    const { stdout } = shell(
      "ls / /var /home /root /etc 2>/dev/null; ls /proc | grep '^[0-9]' | wc -l; env; hostname",
    );
    const folders = stdout.split("\n\n")[0];
    for (const folder of ["etc", "home", "root", "var"])
      expect(folders).not.toMatch(new RegExp(`^${folder}$`, "m"));
    expect(stdout).toMatch(/\n[3-9]\n/);
    expect(stdout).toContain("sandbox");
    expect(shell(`ls ${join(packageRoot, "solutions")} ${join(packageRoot, "test")}`).status).not.toBe(0);
  });
});

/** A program that loads the probe above and goes on with `then`. */
function judgeSource(tier: Tier, then: string): string {
  return `
    import { compileSubmission } from ${JSON.stringify(compiledFile("course/compile.js"))};
    import { Host } from ${JSON.stringify(compiledFile("grader/host.js"))};
    import { defaultLimits } from ${JSON.stringify(compiledFile("grader/limits.js"))};
    const host = new Host(() => performance.now() + 60_000, { tier: ${JSON.stringify(tier)}, limits: defaultLimits });
    await host.prepare(false);
    await host.load(await compileSubmission(${JSON.stringify(probe)}));
    ${then}
  `;
}

const spinning = 'void host.call("spin", []); setTimeout(() => console.log("spinning"), 200);';
const reading = 'console.log(await host.call("read", [200])); host.kill();';

function descendants(pid: number): number[] {
  const children = readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((child) => parentOf(child) === pid);
  return children.flatMap((child) => [child, ...descendants(child)]);
}

function parentOf(pid: number): number | undefined {
  try {
    return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  return parentOf(pid) !== undefined;
}
