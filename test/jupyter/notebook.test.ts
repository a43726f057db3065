import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { compiledFile, packageRoot } from "../../src/package.js";
import { launchBrowser } from "../browser/open-page.js";

// Lesson 3, solved, in Debian's Jupyter Notebook, over HTTP and WebSocket, in Chromium, with mouse and keyboard.

const folder = mkdtempSync(join(tmpdir(), "gradlab-notebook-"));
const env = {
  ...process.env,
  HOME: folder,
  JUPYTER_DATA_DIR: join(folder, "data"),
  JUPYTER_RUNTIME_DIR: join(folder, "runtime"),
  JUPYTER_CONFIG_DIR: join(folder, "config"),
  IPYTHONDIR: join(folder, "ipython"),
};
let server: ChildProcess;
let browser: Browser;
let page: Page;

function gradlab(...args: string[]): void {
  const { status, stderr } = spawnSync(process.execPath, [compiledFile("cli/main.js"), ...args], {
    cwd: folder,
    env,
    encoding: "utf8",
  });
  expect(status, stderr).toBe(0);
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => probe.once("listening", resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** Starts the server and waits until it says where it listens. */
async function startServer(port: number): Promise<void> {
  const options = ["--allow-root", "--no-browser", "--ip=127.0.0.1", `--port=${port}`, "--port-retries=0"];
  const open = ["--NotebookApp.token=", "--NotebookApp.password=", `--notebook-dir=${folder}`];
  const args = ["-m", "notebook", ...options, ...open];
  server = spawn("/usr/bin/python3", args, { env, stdio: ["ignore", "ignore", "pipe"] });
  let log = "";
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.once("exit", () => reject(new Error(`the notebook server ended: ${log}`)));
    server.stderr!.setEncoding("utf8").on("data", (text: string) => {
      log += text;
      if (log.includes(`http://127.0.0.1:${port}/`)) resolve();
    });
  });
}

beforeAll(async () => {
  gradlab("kernel", "install");
  gradlab("weave", "03-chain-rule", "--course", packageRoot, "--solution", folder);
  const port = await freePort();
  await startServer(port);
  browser = await launchBrowser();
  page = await browser.newPage({ viewport: { width: 1100, height: 900 } });
  await page.goto(`http://127.0.0.1:${port}/notebooks/03-chain-rule.ipynb`);
  await page.waitForSelector("#kernel_indicator_icon.kernel_idle_icon");
}, 90_000);

afterAll(async () => {
  await browser?.close();
  const ended = new Promise((resolve) => server.once("exit", resolve));
  server.kill("SIGTERM"); // Which shuts its kernels down, too.
  await ended;
  rmSync(folder, { recursive: true, force: true });
});

/** Keeps a picture of the page for whoever asks for it. */
async function picture(name: string): Promise<void> {
  const directory = process.env.GRADLAB_PICTURES;
  if (directory) await page.screenshot({ path: join(directory, `notebook-${name}.png`) });
}

async function choose(menu: string, item: string): Promise<void> {
  await page.click(`#menus >> text="${menu}"`);
  await page.click(`${item} > a`);
}

/** Adds a cell at the end and types into it. */
async function typeCell(code: string): Promise<void> {
  await page.evaluate(
    "Jupyter.notebook.select(Jupyter.notebook.ncells() - 1); Jupyter.notebook.insert_cell_below()",
  );
  await page.locator(".code_cell").last().locator(".CodeMirror").click();
  await page.keyboard.type(code);
}

const lastCell = () => page.locator(".code_cell").last();
const lastOutput = () => lastCell().locator(".output_wrapper");
const run = () => page.keyboard.press("Control+Enter");

test("every cell runs; checks, the graph and the figure are seen", async () => {
  await choose("Cell", "#run_all_cells");
  await page.waitForFunction(
    `(() => {
      const cells = Jupyter.notebook.get_cells().filter((cell) => cell.cell_type === "code" && cell.get_text() !== "");
      return cells.every((cell) => /^\\d+$/.test(String(cell.input_prompt_number)));
    })()`,
    undefined,
    { timeout: 60_000 },
  );
  expect(await page.locator(".output_error").allTextContents()).toEqual([]);
  expect(await page.locator(".output_html:has-text('✓')").count()).toBeGreaterThanOrEqual(8);
  expect(await page.locator(".output_html:has-text('✗')").count()).toBe(0);

  const graph = page.locator(".output_area svg:has(g.node)").first();
  await graph.scrollIntoViewIfNeeded();
  expect((await graph.boundingBox())!.width).toBeGreaterThan(100);
  await picture("graph");
  const line = page.locator(".output_area svg.main-svg .scatterlayer path.js-line").first();
  await line.scrollIntoViewIfNeeded();
  expect((await line.boundingBox())!.width).toBeGreaterThan(100);
  await picture("figure");
});

test("Tab completes, Shift-Tab explains", async () => {
  await typeCell("Math.cbr");
  await page.keyboard.press("Tab");
  await page.waitForFunction("Jupyter.notebook.get_selected_cell().get_text() === 'Math.cbrt'");
  await page.keyboard.type("(8)");
  await run();
  await expect.poll(() => lastOutput().textContent()).toContain("2");

  await typeCell("[3, 1].f");
  await page.keyboard.press("Tab");
  await page.waitForSelector(".completions select");
  const offered = await page.locator(".completions select option").allTextContents();
  expect(offered.slice(0, 3)).toEqual(["fill", "filter", "find"]);
  await picture("completion");
  await page.keyboard.press("Escape");

  await typeCell("Math.max(1, 2)");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Shift+Tab");
  await page.waitForSelector("#tooltip .tooltiptext:has-text('Returns the larger of a set')");
  expect(await page.locator("#tooltip").textContent()).toContain("Math.max(...values: number[]): number");
  await picture("inspection");
  await page.keyboard.press("Escape");
});

test("type errors, tables and colours as the kernel sends them", async () => {
  await typeCell("const n: number = 'text';");
  await run();
  await lastOutput().locator(".output_error").waitFor();
  expect(await lastOutput().textContent()).toMatch(
    /line 1: Type 'string' is not assignable to type 'number'/,
  );
  await picture("type-error");
  await typeCell("[{ name: '<b>', size: 1 }, { name: 'c', more: [2] }]");
  await run();
  await lastOutput().locator("table").waitFor();
  expect(await lastOutput().locator("tbody tr").first().locator("td").allTextContents()).toEqual([
    "<b>",
    "1",
    "",
  ]);
  await typeCell("new Map([['key', 1]])");
  await run();
  await lastOutput().locator(".ansi-green-fg").waitFor();
  expect(await lastOutput().textContent()).toContain("Map(1) { 'key' => 1 }");
  await picture("rich");
});

test("a loop is interrupted, and variables stay; a restart forgets them", async () => {
  await typeCell("const kept = 5; kept");
  await run();
  await expect.poll(() => lastOutput().textContent()).toContain("5");
  await typeCell("console.log('spinning'); while (true) {}");
  await run();
  await lastOutput().locator("text=spinning").waitFor();
  await choose("Kernel", "#int_kernel");
  await lastOutput().locator(".output_error").waitFor();
  expect(await lastOutput().textContent()).toContain("KeyboardInterrupt");
  await picture("interrupted");
  await typeCell("kept + 3");
  await run();
  await expect.poll(() => lastOutput().textContent()).toContain("8");

  await choose("Kernel", "#restart_kernel");
  await page.click(".modal-dialog .btn-danger");
  await page.waitForFunction("Jupyter.notebook.kernel.is_connected() && !Jupyter.notebook.kernel_busy");
  await typeCell("typeof kept");
  await run();
  await lastOutput().locator(".output_area .output_subarea").first().waitFor();
  expect(await lastOutput().textContent()).toMatch(/Cannot find name 'kept'|'undefined'/);
  await picture("restarted");
});
