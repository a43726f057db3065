import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { byStudent } from "../../src/grader/reports/by-student.js";
import { reportFiles } from "../../src/grader/reports/reports.js";
import { hostile, hostileReport } from "../grader/reports/report.js";
import { launchBrowser } from "./open-page.js";

const folder = mkdtempSync(join(tmpdir(), "gradlab-feedback-"));
let browser: Browser;

beforeAll(async () => {
  for (const { path, text } of reportFiles(hostileReport, ["html"])) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

const student = `html/students/${byStudent(hostileReport)[0].slug}.html`;

/** Opens a page; whatever the browser complains about or asks the network for is in `events`. */
async function open(path: string, colorScheme: "light" | "dark" = "light", width = 1100) {
  const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 } });
  const page = await context.newPage();
  const events: string[] = [];
  page.on("console", (message) => events.push(message.text()));
  page.on("dialog", (dialog) => events.push(dialog.message()));
  page.on("pageerror", (error) => events.push(error.message));
  page.on("request", (request) => {
    if (!request.isNavigationRequest()) events.push(request.url());
  });
  await page.goto(pathToFileURL(join(folder, path)).href);
  return { page, events };
}

/** The smallest contrast of text against what is behind it, by WCAG's formula: computed in the page. */
const leastContrast = `(() => {
  const channels = (color) => (color.match(/[\\d.]+/g) ?? []).map(Number);
  const linear = (c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4);
  const luminance = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const behind = (element) => {
    const color = element ? channels(getComputedStyle(element).backgroundColor) : [255, 255, 255];
    return color.length === 3 ? color : behind(element.parentElement);
  };
  const texts = [...document.querySelectorAll("body *")].filter((element) =>
    [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== ""),
  );
  return Math.min(
    ...texts.map((element) => {
      const style = getComputedStyle(element);
      const front = channels(element instanceof SVGElement ? style.fill : style.color);
      const [dark, light] = [front, behind(element)].map(luminance).sort((a, b) => a - b);
      return (light + 0.05) / (dark + 0.05);
    }),
  );
})()`;

describe.each(["html/index.html", student])("%s", (path) => {
  test.for(["light", "dark"] as const)(
    "in %s: nothing runs, nothing is loaded, everything can be read",
    async (scheme) => {
      const { page, events } = await open(path, scheme);
      expect(events).toEqual([]);
      expect(await page.evaluate("window.PWNED")).toBeUndefined();
      expect(await page.locator("script, img, iframe").count()).toBe(0);
      expect(await page.innerText("body")).toContain(hostile.markup);
      // The style is in force, policy or not.
      expect(await page.evaluate('getComputedStyle(document.querySelector(".card")).borderRadius')).toBe(
        "10px",
      );
      expect(await page.evaluate(leastContrast)).toBeGreaterThan(4.5);
    },
  );

  test("fits a telephone", async () => {
    const { page } = await open(path, "light", 360);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(360);
  });
});

test("a script that got into a page all the same would not run", async () => {
  const { page, events } = await open(student);
  const html = await page.content();
  writeFileSync(
    join(folder, "broken.html"),
    html.replace(
      "<h1>",
      '<script>window.PWNED = 1</script><img src=x onerror="window.PWNED = 1"><h1 style="color: red">',
    ),
  );
  const second = await open("broken.html");
  expect(events).toEqual([]);
  expect(await second.page.evaluate("window.PWNED")).toBeUndefined();
  expect(
    second.events.filter((event) => /Content Security Policy/.test(event)).length,
  ).toBeGreaterThanOrEqual(3);
});

test("from the overview the keyboard leads to a student's page, and there to what is folded away", async () => {
  const { page } = await open("html/index.html");
  await page.locator("tbody a").first().focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(/students/);
  await page.keyboard.press("Tab");
  expect(await page.evaluate("document.activeElement.tagName")).toBe("SUMMARY");
  expect(await page.evaluate("getComputedStyle(document.activeElement).outlineStyle")).toBe("solid");
});
