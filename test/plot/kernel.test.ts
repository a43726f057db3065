import { describe, expect } from "vitest";
import type { Publication } from "../../src/kernel/client.js";
import { test, textOf } from "../kernel/start-kernel.js";

/** Where an output belongs, what it says, and whether it replaces an earlier one. */
function shown({ type, content }: Publication) {
  const { data, transient } = content as {
    data: Record<string, string>;
    transient: { display_id?: string };
  };
  return { type, id: transient.display_id, text: data["text/plain"], html: data["text/html"] };
}

describe("in a kernel", () => {
  test("a dashboard is displayed once and updated while the cell runs, up to the last state", async ({
    kernel,
  }) => {
    const cell = `
import { Dashboard } from "gradlab";
const board = new Dashboard({ title: "training", interval: 100 });
const end = performance.now() + 450;
let step = 0;
while (performance.now() < end) board.add(step++, { "loss/train": 1 / (step + 1) });
board.finish();
step - 1`;
    const times: number[] = [];
    const { reply, outputs } = await kernel.execute(cell, {
      onPublication: ({ type }) => type === "update_display_data" && times.push(performance.now()),
    });
    expect(reply.status).toBe("ok");
    const displays = outputs.filter(({ type }) => type.endsWith("display_data")).map(shown);
    const [script, first, ...updates] = displays;
    expect(script.html).toContain("window.Plotly");
    expect(first).toMatchObject({ type: "display_data", id: expect.stringMatching(/^gradlab-/) });
    expect(updates.length).toBeGreaterThanOrEqual(2);
    expect(updates.length).toBeLessThanOrEqual(5); // every 100 ms for 450 ms, and the end
    expect(updates.every(({ type, id }) => type === "update_display_data" && id === first.id)).toBe(true);
    const last = Number(textOf({ reply, outputs: outputs.slice(-1) }));
    expect(updates.at(-1)!.text).toContain(`x 0 to ${Number(last.toPrecision(3))} `);
    // They come while the loop runs, which never awaits.
    expect(times[times.length - 1] - times[0]).toBeGreaterThan(100);
  });

  test("the last state comes by itself, after the cell's end if need be", async ({ kernel }) => {
    const cell = `
import { Dashboard } from "gradlab";
const quiet = new Dashboard({ interval: 300 });
for (let i = 0; i < 50; i++) quiet.add(i, { loss: i });`;
    const update = await new Promise<Publication>((resolve, reject) => {
      const onPublication = (publication: Publication) => {
        if (publication.type === "update_display_data") resolve(publication);
      };
      kernel.execute(cell, { onPublication }).catch(reject);
    });
    expect(shown(update).text).toContain("y 0 to 49 (50)");
  });

  test("a progress bar is one output", async ({ kernel }) => {
    const { outputs } = await kernel.execute(`
import { ProgressBar } from "gradlab";
const bar = new ProgressBar("epoch", 3);
for (const done of [1, 2, 3]) bar.update(done, { loss: 1 / done });`);
    const [first, last] = outputs.map(shown);
    expect(outputs).toHaveLength(2);
    expect([first.type, last.type, last.id]).toEqual(["display_data", "update_display_data", first.id]);
    expect(last.text).toContain("epoch 3/3 · loss 0.3333 · took");
  });

  test("cells type-check against every kind of figure", async ({ kernel }) => {
    const { reply, outputs } = await kernel.execute(`
import {
  band, convolutionAnimation, decisionBoundary, heatMap, histogramOverTime, imageGrid, layerStatistics, lossGrid,
  lossSurface, panels, planeWarp, plot, rand, trajectories, type Figure,
} from "gradlab";
const weight = rand([2, 2]);
const z = (x: number, y: number) => x * y;
const all: Figure[] = [
  panels([plot([band({ x: [0, 1], runs: [[1, 2], [2, 3]] })]), plot(heatMap({ z: weight }))]),
  plot(decisionBoundary({ x: [0, 1], y: [0, 1], scores: z })),
  plot(histogramOverTime({ steps: [0], values: [weight] })),
  imageGrid(rand([4, 8, 8])),
  planeWarp((x, y) => [x, y]),
  layerStatistics([{ name: "first", values: weight }]),
  convolutionAnimation({ input: rand([3, 3]), kernel: weight }),
  lossSurface(lossGrid([weight], () => 1 + weight.sum().item() ** 2, { resolution: 3 })),
  trajectories({ landscape: { x: [0, 1], y: [0, 1], z }, paths: [{ x: [1], y: [1], name: "SGD" }] }),
];
all.length`);
    expect([reply.status, textOf({ reply, outputs })]).toEqual(["ok", "9"]);
  });
});
