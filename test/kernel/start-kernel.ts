import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished, test as base } from "vitest";
import { KernelClient, type ExecuteResult, type LaunchOptions } from "../../src/kernel/client.js";

/** A folder outside the repository, without a node_modules anywhere above it, removed after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "gradlab-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Results have the colours that people see, also where the tests themselves are to print none. */
const env = { ...process.env, NO_COLOR: "" };

/** A kernel for one test, in such a folder. */
export async function startKernel(options: LaunchOptions = {}): Promise<KernelClient> {
  const kernel = await KernelClient.launch({ cwd: temporaryFolder(), env, ...options });
  onTestFinished(() => kernel.close());
  return kernel;
}

/** Tests that share one kernel per file: `test("…", async ({ kernel }) => …)`. */
export const test = base.extend<{ $file: { kernel: KernelClient } }>({
  kernel: [
    async ({}, use) => {
      const folder = mkdtempSync(join(tmpdir(), "gradlab-test-"));
      const kernel = await KernelClient.launch({ cwd: folder, env });
      await use(kernel);
      await kernel.close();
      rmSync(folder, { recursive: true, force: true });
    },
    { scope: "file" },
  ],
});

/** The text of an answer's streams and text/plain results, in order. */
export function textOf({ outputs }: ExecuteResult): string {
  const texts = outputs.map(({ content }) => {
    const { text, data } = content as { text?: string; data?: { "text/plain"?: string } };
    return text ?? data?.["text/plain"] ?? "";
  });
  return texts.join("");
}

/** Waits until no process has this id. */
export async function gone(pid: number, patience = 8000): Promise<void> {
  const deadline = Date.now() + patience;
  while (isAlive(pid)) {
    if (Date.now() > deadline) throw new Error(`process ${pid} is still there after ${patience} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
