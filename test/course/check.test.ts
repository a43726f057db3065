import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sourceOf } from "../../src/course/notebook.js";
import { weave } from "../../src/course/weave.js";
import { KernelClient } from "../../src/kernel/client.js";
import { lesson, miniCourse } from "./mini-course.js";

// The check of a notebook, in a real kernel over ZeroMQ.
let kernel: KernelClient;
beforeAll(async () => {
  kernel = await KernelClient.launch({ cwd: join(miniCourse.root, "notebooks") });
}, 60_000);
afterAll(() => kernel.shutdown());

/** Runs a cell; returns what it shows, as text, and its error. */
async function run(code: string) {
  const { reply, outputs } = await kernel.execute(code, { timeout: 30_000 });
  const data = (outputs.at(-1)?.content.data ?? {}) as Record<string, string>;
  return { reply, text: data["text/plain"] ?? "", html: data["text/html"] ?? "" };
}

const cell = (id: string, edition: "student" | "solution") =>
  sourceOf(weave(lesson, edition).cells.find((candidate) => candidate.id === id)!);

interface Process {
  pid: number;
  parent: number;
  args: string;
}

function processes(): Process[] {
  const { stdout } = spawnSync("ps", ["-eo", "pid=,ppid=,args="], { encoding: "utf8" });
  return [...stdout.matchAll(/^ *(\d+) +(\d+) (.*)$/gm)].map(([, pid, parent, args]) => ({
    pid: Number(pid),
    parent: Number(parent),
    args,
  }));
}

/** The processes that a process started, and those that they started. */
function descendants(pid: number, all = processes()): Process[] {
  const children = all.filter(({ parent }) => parent === pid);
  return children.flatMap((child) => [child, ...descendants(child.pid, all)]);
}

describe("await check(…)", () => {
  test("asks to run the cell first", async () => {
    await run('import { check } from "gradlab/course";');
    const { text } = await run('await check("slope")');
    expect(text).toContain("✗ slope");
    expect(text).toContain("run the cell with /** @exercise slope */ first");
  });

  test("shows expected, received, relative error and a hint for a wrong answer, as text and as a table", async () => {
    await run(cell("shared-point", "student"));
    await run(
      "/** @exercise slope */\nfunction slope(a: Point, b: Point) { return (b.x - a.x) / (b.y - a.y); }",
    );
    const { text, html } = await run('await check("slope")');
    expect(text).toContain("expected 2, received 0.5, relative error 7.5e-1");
    expect(text).toContain("→ Rise over run: the change of y goes on top.");
    expect(html).toMatch(/<td[^>]*>2<\/td><td[^>]*>0\.5<\/td><td[^>]*>7\.5e-1<\/td>/);
  });

  test("passes once the cell is right, whatever was run before", async () => {
    await run(cell("exercise-slope", "solution"));
    const { text, html } = await run('await check("slope")');
    expect(text).toContain("✓ slope");
    expect(html).toContain("✓ passed");
  });

  test("counts the source of the cell, not the variables of the session", async () => {
    await run(
      "/** @exercise slope */\nfunction slope(a: Point, b: Point): number { throw new Error('not this one'); }",
    );
    await run("slope = (a: Point, b: Point) => (b.y - a.y) / (b.x - a.x);");
    expect((await run('await check("slope")')).text).toContain("not this one");
  });

  test("counts a cell that does not compile, too: what stands there is what would be handed in", async () => {
    await run("/** @exercise slope */\nfunction slope(a: Point, b: Point): number { return ");
    expect((await run('await check("slope")')).text).toContain("syntax error in line 2 of the cell");
  });

  test("what a student prints inside HTML stays text", async () => {
    await run(
      "/** @exercise slope */\nfunction slope(a: Point, b: Point): number { throw new Error('<img src=x onerror=alert(1)>'); }",
    );
    expect((await run('await check("slope")')).html).not.toContain("<img");
  });

  test.skipIf(process.platform === "win32")(
    "a check under way ends with the notebook, even in an endless loop",
    async () => {
      const own = await KernelClient.launch({ cwd: join(miniCourse.root, "notebooks") });
      await own.execute('import { check } from "gradlab/course";');
      await own.execute("/** @exercise slope */\nfunction slope(): number { for (;;); }");
      own.execute('await check("slope")').catch(() => {});
      const hosts = () => descendants(own.process.pid!).filter(({ args }) => args.includes("host-main.cjs"));
      await expect.poll(hosts, { timeout: 10_000 }).toHaveLength(1);
      const [{ pid }] = hosts();
      own.process.kill("SIGKILL");
      await expect
        .poll(() => processes().some((process) => process.pid === pid), { timeout: 10_000 })
        .toBe(false);
    },
  );

  test("an unknown exercise is an error that lists the known ones", async () => {
    const { reply } = await run('await check("softmax")');
    expect(reply).toMatchObject({
      status: "error",
      ename: "UserError",
      evalue: expect.stringContaining("there are: slope, slopes-from-origin"),
    });
  });
});
