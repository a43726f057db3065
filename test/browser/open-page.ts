import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll } from "vitest";

export type ColorScheme = "light" | "dark";

/** Headless Chromium, which is not to look for the outside world. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
    ],
  });
}

/**
 * Starts a browser for the tests of a file. The function it returns opens a page as a notebook front end would show it:
 * offline, from a file. An error in the page fails the test.
 */
export function useBrowser(): (body: string, colorScheme?: ColorScheme) => Promise<Page> {
  let browser: Browser;
  let folder: string;
  let pages = 0;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "gradlab-browser-"));
    browser = await launchBrowser();
  });

  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  });

  return async (body, colorScheme = "light") => {
    const file = join(folder, `${pages++}.html`);
    const style = "<style>:root { color-scheme: light dark }</style>";
    await writeFile(file, `<!doctype html><meta charset="utf-8">${style}<body>${body}</body>`);
    const context = await browser.newContext({ offline: true, colorScheme });
    const page = await context.newPage();
    page.on("pageerror", (error) => {
      throw error;
    });
    await page.goto(pathToFileURL(file).href);
    return page;
  };
}
