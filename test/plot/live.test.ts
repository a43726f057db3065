import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { MimeBundle } from "../../src/display/mime.js";
import { sessionSymbol } from "../../src/display/session.js";
import { Dashboard } from "../../src/plot/dashboard.js";
import { ProgressBar } from "../../src/plot/progress-bar.js";
import { pretendTerminal } from "./pretend-terminal.js";

interface Shown {
  data: MimeBundle;
  displayId: string | undefined;
  update: boolean | undefined;
}

/** Puts a notebook session in place and returns what it is asked to show. */
function startSession(): Shown[] {
  const shown: Shown[] = [];
  const display = (data: MimeBundle, { displayId, update }: Partial<Shown> = {}) =>
    shown.push({ data, displayId, update });
  Object.assign(globalThis, { [sessionSymbol]: { display, executedCells: () => ["train()"] } });
  return shown;
}

const text = ({ data }: Shown) => data["text/plain"] as string;

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  Reflect.deleteProperty(globalThis, sessionSymbol);
});

describe("Dashboard in a notebook", () => {
  test("is displayed once, then updated under the same id, at most every interval, up to the last state", () => {
    const [script, ...shown] = [startSession()].flatMap((list) => {
      const board = new Dashboard({ title: "digits", interval: 500 });
      for (let step = 0; step < 120; step++) {
        board.add(step, { "loss/train": 1 / (step + 1) });
        vi.advanceTimersByTime(10);
      }
      vi.advanceTimersByTime(500);
      return list;
    });
    expect((script.data["text/html"] as string).length).toBeGreaterThan(1_000_000);
    expect(shown.map(({ update }) => update)).toEqual([false, true, true, true]);
    expect(new Set(shown.map(({ displayId }) => displayId)).size).toBe(1);
    expect(shown.map(text).map((line) => /x 0 to (\d+)|x 0 to 0/.exec(line)?.[0])).toEqual([
      "x 0 to 0",
      "x 0 to 49",
      "x 0 to 99",
      "x 0 to 119",
    ]);
    expect((shown[3].data["text/html"] as string).length).toBeLessThan(20_000);
  });

  test("a loop that never pauses shows its end at finish, and nothing is shown twice", () => {
    const shown = startSession();
    const board = new Dashboard();
    for (let step = 0; step < 10; step++) board.add(step, { loss: step });
    expect(shown).toHaveLength(2); // the plotting code, and the first state
    board.finish();
    expect(text(shown[2])).toContain("y 0 to 9 (10)");
    board.finish();
    vi.advanceTimersByTime(2000);
    expect(shown).toHaveLength(3);
  });
});

describe("Dashboard", () => {
  test("has a panel per quantity and a curve per name; numbers that are not finite are counted gaps", () => {
    startSession();
    const board = new Dashboard({ log: ["loss"], step: "epoch" });
    board.add(0, { "loss/train": 2, "loss/validation": NaN, accuracy: 0.1 });
    board.add(1, { "loss/train": 0, accuracy: 0.4 });
    const { data, layout } = board.figure();
    expect(data.map(({ name, xaxis, y }) => [name, xaxis, y])).toEqual([
      ["train", "x", [2, null]],
      ["validation", "x", []],
      [undefined, "x2", [0.1, 0.4]],
    ]);
    expect(layout["xaxis"]).toMatchObject({ title: { text: "epoch" } });
    expect(layout["yaxis"]).toMatchObject({ type: "log" });
    expect(layout["annotations"]).toMatchObject([
      { text: "<b>loss (1 not finite)</b>" },
      { text: "<b>accuracy</b>" },
    ]);
  });

  test("refuses to go back, and keeps what it has", () => {
    startSession();
    const board = new Dashboard();
    board.add(5, { loss: 1 });
    expect(() => board.add(4, { accuracy: 1, loss: 2 })).toThrow(
      new RangeError(
        'Dashboard: step 4 of "loss" comes after step 5. Steps must not go back; a second training needs names of ' +
          "its own or a new Dashboard.",
      ),
    );
    expect(board.figure().data).toHaveLength(1);
  });

  test("of 200 000 numbers stays below 300 kB", () => {
    startSession();
    const board = new Dashboard({ interval: 1e6 });
    for (let step = 0; step < 50_000; step++) {
      const value = Math.sin(step) / 3;
      board.add(step, { "loss/train": value, "loss/test": value, accuracy: value, norm: value });
    }
    expect(JSON.stringify(board.figure()).length).toBeLessThan(300_000);
  });

  test("prints lines outside a notebook, the last one too", () => {
    const log = vi.spyOn(console, "log").mockImplementation(() => {});
    const board = new Dashboard({ interval: 500 });
    for (let step = 0; step <= 100; step++) board.add(step, { "loss/train": 1 / 3, accuracy: step / 100 });
    vi.advanceTimersByTime(500);
    expect(log.mock.calls).toEqual([
      ["step 0 · loss/train 0.3333 · accuracy 0"],
      ["step 100 · loss/train 0.3333 · accuracy 1"],
    ]);
  });
});

describe("ProgressBar", () => {
  test("is one output of a notebook, its label escaped, complete at the end", () => {
    const shown = startSession();
    const bar = new ProgressBar("a < b", 3);
    bar.update(1, { loss: 0.5 });
    vi.advanceTimersByTime(1000);
    bar.update(2, { loss: 0.25 });
    bar.update(3, { loss: 0.125 });
    expect(shown.map(({ update }) => update)).toEqual([false, true, true]);
    expect(shown[1].data["text/html"]).toContain(
      '<progress value="2" max="3" aria-label="a &lt; b"></progress> a &lt; b 2/3 · loss 0.25',
    );
    expect(text(shown[2])).toBe("a < b 3/3 · loss 0.125 · took 1 s");
  });

  test("is a bar on a terminal, and leaves the line when it is complete", () => {
    pretendTerminal(true);
    let written = "";
    vi.spyOn(process.stderr, "write").mockImplementation((chunk) => {
      written += String(chunk);
      return true;
    });
    const bar = new ProgressBar("training", 4);
    for (let step = 1; step <= 4; step++) {
      bar.update(step, { loss: 1 / step });
      vi.advanceTimersByTime(1000);
    }
    expect(written).toContain("1/4 · loss 1");
    expect(written).toContain("4/4 · loss 0.25 · took 3 s");
    expect(written.match(/\n/g)).toHaveLength(1);
    const [hidden, shown] = ["\u001B[?25l", "\u001B[?25h"].map((code) => written.lastIndexOf(code));
    expect(hidden).toBeGreaterThan(-1);
    expect(shown).toBeGreaterThan(hidden);
  });

  test("prints lines on stderr where there is no terminal", () => {
    pretendTerminal(false);
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    const bar = new ProgressBar("training", 100);
    for (let step = 0; step <= 100; step++) {
      bar.update(step);
      vi.advanceTimersByTime(30);
    }
    expect(log.mock.calls).toEqual([
      ["training 0/100"],
      ["training 66/100 · 1 s left"],
      ["training 100/100 · took 3 s"],
    ]);
  });
});
