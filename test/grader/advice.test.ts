import { afterAll, expect, test } from "vitest";
import { Advice } from "../../src/grader/advice.js";

const adviser = new Advice();
afterAll(() => adviser.close());

const submission = (source: string) => ({ source, spans: [] });
/** Each line computes two hundred thousand types, which takes seconds and a gigabyte. */
const bomb = `
  type Bomb<L extends string, D extends 0[] = []> =
    D["length"] extends 15 ? L : Bomb<\`\${L}0\`, [...D, 0]> | Bomb<\`\${L}1\`, [...D, 0]>;
  ${Array.from({ length: 100 }, (_, i) => `export const x${i}: Bomb<"${i}"> = 0 as unknown as Bomb<"x${i}">;`).join("\n")}
`;

test(
  "types that take too long are not looked at; what comes after them is",
  { timeout: 60_000 },
  async () => {
    const sources = [bomb, 'export const x: number = "";'];
    const advice = await Promise.all(sources.map((source) => adviser.on(submission(source))));
    expect(advice).toEqual([
      [expect.stringMatching(/^types: not looked at, as that took more than (5 s|1024 MB) /)],
      ["types, line 1: Type 'string' is not assignable to type 'number'. (costs no points)"],
    ]);
  },
);

test("a compiler that gives up is no reason to", { timeout: 60_000 }, async () => {
  const broken = submission(null as unknown as string);
  expect(await adviser.on(broken)).toEqual([expect.stringMatching(/^types: not looked at, as the compiler/)]);
  expect(await adviser.on(submission("export const y = 1;"))).toEqual([]);
});

test("closed, it gives up at once what it is asked", async () => {
  const closing = new Advice();
  const asked = [bomb, bomb].map((source) => closing.on(submission(source)));
  await closing.close();
  expect((await Promise.all(asked)).at(-1)).toEqual([]);
});
