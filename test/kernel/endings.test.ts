import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished } from "vitest";
import {
  KernelDied,
  type ExecuteResult,
  type KernelClient,
  type Publication,
} from "../../src/kernel/client.js";
import { compiledFile } from "../../src/package.js";
import { gone, startKernel, temporaryFolder, test, textOf } from "./start-kernel.js";

/** Runs a cell; resolves when it has printed something, to the answer that is still to come. */
async function started(kernel: KernelClient, code: string) {
  let answer!: ReturnType<KernelClient["execute"]>;
  const printed = new Promise<Publication>((resolve) => {
    answer = kernel.execute(code, {
      onPublication: (publication) => publication.type === "stream" && resolve(publication),
    });
  });
  answer.catch(() => undefined);
  const { content } = await printed;
  return { answer, text: String(content.text) };
}

/** Runs a cell; resolves when the kernel has it: an interrupt, which comes another way, could be there before it. */
async function taken(kernel: KernelClient, code: string): Promise<{ answer: Promise<ExecuteResult> }> {
  let answer!: Promise<ExecuteResult>;
  await new Promise<void>((resolve) => {
    answer = kernel.execute(code, {
      onPublication: ({ content }) => content.execution_state === "busy" && resolve(),
    });
  });
  return { answer };
}

describe("interrupts", () => {
  test.for([
    ["a synchronous loop", "console.log('started'); while (true) {}"],
    ["a loop behind an await", "await null; console.log('started'); while (true) {}"],
    [
      "a loop that catches everything",
      "await null; console.log('started'); while (true) try { while (true); } finally { continue; }",
    ],
    [
      "a loop in a timer",
      "setTimeout(() => { console.log('started'); while (true) {} }); await new Promise(() => {})",
    ],
    ["a loop of awaits", "console.log('started'); while (true) await null;"],
    ["a pending promise", "console.log('started'); await new Promise(() => {})"],
    ["a child process", "console.log('started'); require('child_process').execSync('sleep 60')"],
    [
      "a child process behind an await",
      "await null; console.log('started'); require('child_process').execSync('sleep 60')",
    ],
    [
      "a wait for a thread",
      "await null; console.log('started'); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);",
    ],
  ] as const)("end %s, and variables stay", async ([, code], { kernel }) => {
    await kernel.execute("const kept = 'kept';");
    const { answer } = await started(kernel, code);
    await kernel.interrupt();
    const { reply, outputs } = await answer;
    expect(reply).toMatchObject({ status: "error", ename: "KeyboardInterrupt" });
    expect(outputs.filter(({ type }) => type === "error")).toHaveLength(1);
    expect(textOf(await kernel.execute("kept"))).toBe("'kept'");
  });

  test.for([
    ["synchronous", ""],
    ["behind an await", "await null; "],
  ] as const)(
    "end a long computation with tensors, %s; tensors still compute rightly",
    async ([, before], { kernel }) => {
      await kernel.execute("import { tensor, rand } from 'gradlab'; const big = rand([1000, 1000]);");
      const { answer } = await started(
        kernel,
        `${before}{ console.log('started'); let t = big; while (true) t = t.matmul(big).mul(1e-3); }`,
      );
      await kernel.interrupt();
      const { reply } = await answer;
      expect(reply).toMatchObject({ status: "error", ename: "KeyboardInterrupt" });
      const check =
        "[big.matmul(big).sum().item() === big.matmul(big).sum().item(), tensor([[1, 2]]).matmul(tensor([[3], [4]])).item()]";
      expect(textOf(await kernel.execute(check))).toBe("[ true, 11 ]");
    },
  );

  test("what is interrupted is stopped: a timer that spins for the next cell, a promise that resolves later", async ({
    kernel,
  }) => {
    const { answer } = await started(
      kernel,
      "let resolve: () => void; const late = new Promise<void>((r) => (resolve = r)); console.log('started'); await late; globalThis.ranOn = true;",
    );
    await kernel.interrupt();
    expect((await answer).reply.status).toBe("error");
    const mark = join(temporaryFolder(), "spinning");
    await kernel.execute(
      `setInterval(() => { require("fs").writeFileSync(${JSON.stringify(mark)}, ""); while (true) {} }, 1); 0`,
    );
    // Before that, the next cell would not be kept waiting.
    await expect.poll(() => existsSync(mark)).toBe(true);
    const next = kernel.execute("'next'");
    await kernel.request("kernel_info_request", {}, { channel: "control" });
    await kernel.interrupt();
    const { reply } = await next;
    expect(reply.status === "ok" || (reply as { ename?: string }).ename === "KeyboardInterrupt").toBe(true);
    expect(textOf(await kernel.execute("1"))).toBe("1");
  });

  test.for(["while (true) {}", "require('child_process').execSync('sleep 60')"])(
    "reach a cell that is not running yet: %s",
    async (code) => {
      const kernel = await startKernel();
      // The first time the session is still starting, then the cell is being compiled.
      for (let i = 0; i < 2; i++) {
        const { answer } = await taken(kernel, code);
        await kernel.interrupt();
        expect(await answer).toMatchObject({ reply: { ename: "KeyboardInterrupt" } });
      }
    },
  );

  test("SIGINT to the kernel does the same", async ({ kernel }) => {
    const { answer } = await started(kernel, "console.log('started'); while (true) {}");
    kernel.process.kill("SIGINT");
    expect((await answer).reply).toMatchObject({ status: "error", ename: "KeyboardInterrupt" });
  });

  test("one that comes while the cell is still compiled stops it, too", async ({ kernel }) => {
    await kernel.execute("1");
    const { answer } = await taken(kernel, "while (true) {}");
    await kernel.interrupt();
    expect((await answer).reply).toMatchObject({ status: "error", ename: "KeyboardInterrupt" });
  });

  test("without a running cell they do nothing", async ({ kernel }) => {
    kernel.process.kill("SIGINT");
    // Its answer tells that the signal has come, too: nothing else would, and one on its way would meet the cell.
    await kernel.interrupt();
    expect(textOf(await kernel.execute("await new Promise((r) => setTimeout(r, 50, 'ran'))"))).toBe("'ran'");
  });
});

describe("a session that ends", () => {
  test.for([
    [
      "process.exit",
      "console.log('last words'); process.exit(3)",
      "SessionExited",
      /process\.exit\(3\) was called/,
    ],
    [
      "a crash",
      "console.log('last words'); process.kill(process.pid, 'SIGSEGV'); await new Promise(() => {})",
      "SessionCrashed",
      /SIGSEGV/,
    ],
    [
      "too much memory",
      "console.log('last words'); const hog: string[][] = []; while (true) hog.push(new Array(1e5).fill('x'));",
      "OutOfMemory",
      /more memory than there is/,
    ],
  ] as const)(
    "%s: the cell gets an error that says so, then the kernel ends",
    async ([, code, ename, evalue]) => {
      const kernel = await startKernel({ env: { ...process.env, NODE_OPTIONS: "--max-old-space-size=300" } });
      const first = kernel.execute(code);
      const next = kernel.execute("'not run'");
      const { reply, outputs } = await first;
      expect(reply).toMatchObject({
        status: "error",
        ename,
        evalue: expect.stringMatching(evalue) as string,
      });
      expect(outputs[0]).toEqual({ type: "stream", content: { name: "stdout", text: "last words\n" } });
      expect(outputs.at(-1)).toMatchObject({ type: "error", content: { ename } });
      expect((await next).reply).toMatchObject({ status: "error", ename });
      expect(await kernel.exited).toBe(1);
      await expect(kernel.execute("1")).rejects.toThrow(KernelDied);
    },
  );

  test("a child process left behind holds nothing up, and ends too", async () => {
    const kernel = await startKernel();
    const code =
      "console.log(require('child_process').spawn('sleep', ['60'], { stdio: 'inherit' }).pid); process.exit(1)";
    const { reply, outputs } = await kernel.execute(code, { timeout: 10_000 });
    expect(reply).toMatchObject({ status: "error", ename: "SessionExited" });
    await gone(Number(outputs[0].content.text));
  });

  test("between cells, in a timer: told below the last cell", async () => {
    const kernel = await startKernel();
    const { outputs } = await kernel.execute("setTimeout(() => process.exit(), 50);");
    expect(await kernel.exited).toBe(1);
    expect(outputs.at(-1)).toMatchObject({ type: "error", content: { ename: "SessionExited" } });
  });
});

describe("the end of a kernel", () => {
  test("shutdown is answered, also while a cell spins, and leaves nothing behind", async () => {
    const kernel = await startKernel();
    const { text } = await started(kernel, "console.log(process.pid); while (true) {}");
    const { content } = await kernel.request(
      "shutdown_request",
      { restart: true },
      { channel: "control", timeout: 5000 },
    );
    expect(content).toEqual({ status: "ok", restart: true });
    expect(await kernel.exited).toBe(0);
    await gone(Number(text));
  });

  test("killed by force, it takes the session along, even one that spins", async () => {
    const kernel = await startKernel();
    const { text } = await started(kernel, "console.log(process.pid); while (true) {}");
    kernel.process.kill("SIGKILL");
    await gone(Number(text));
  });

  test("when the client is killed by force, both go", async () => {
    const script = `
      const { KernelClient } = await import(${JSON.stringify(compiledFile("kernel/client.js"))});
      const kernel = await KernelClient.launch();
      kernel.execute("console.log(process.pid); while (true) {}", {
        onPublication: ({ type, content }) => type === "stream" && console.log(kernel.process.pid, content.text),
      });`;
    const client = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    onTestFinished(() => void client.kill("SIGKILL"));
    const [pids] = (await once(client.stdout, "data")) as [Buffer];
    client.kill("SIGKILL");
    for (const pid of String(pids).trim().split(/\s+/)) await gone(Number(pid));
  });

  test("a kernel whose addresses are taken says so in one line, and ends", async () => {
    const { info } = await startKernel({ transport: "tcp" });
    const file = join(temporaryFolder(), "kernel.json");
    writeFileSync(file, JSON.stringify(info));
    const args = [compiledFile("cli/main.js"), "kernel", "start", "--connection-file", file];
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", timeout: 20_000 });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^gradlab: connection file .*kernel\.json: cannot listen there: [^\n]+\n$/);
  });

  test("a kernel that cannot start says why", async () => {
    const command = [process.execPath, "-e", "console.error('no kernel here'); process.exit(4)"];
    await expect(startKernel({ command })).rejects.toThrow(
      "the kernel ended with exit code 4: no kernel here",
    );
  });
});
