// The kernel under load: does it slow down or grow, does it lose anything, does it still answer?
//
//   npm run build && node bench/kernel-load.mjs [--cells 10000] [--megabytes 50]
//
// cells      small cells one after another, in tenths: median latency, memory of the front and the session process
// output     one cell that prints so much, in lines, to a client that reads at once and to one that reads only afterwards:
//            time until the reply, longest wait for a heartbeat meanwhile, whether the last line arrived
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import * as zmq from "zeromq";
import { KernelClient } from "../dist/kernel/client.js";
import { endpoint } from "../dist/kernel/connection-file.js";
import { Wire } from "../dist/kernel/wire.js";
import { median } from "./median.mjs";

const { values } = parseArgs({
  options: { cells: { type: "string", default: "10000" }, megabytes: { type: "string", default: "50" } },
});
const cells = Number(values.cells);
const megabytes = Number(values.megabytes);

await manyCells();
await muchOutput();

async function manyCells() {
  const kernel = await KernelClient.launch();
  const session = Number(textOf(await kernel.execute("process.pid")));
  const tenths = [];
  for (let tenth = 0; tenth < 10; tenth++) {
    const times = [];
    for (let i = 0; i < cells / 10; i++) {
      const start = performance.now();
      const text = textOf(await kernel.execute(`const x = ${tenth} * 1000 + ${i}; console.log(x); x + 1`));
      times.push(performance.now() - start);
      const x = tenth * 1000 + i;
      if (text !== `${x}\n${x + 1}`) throw new Error(`cell ${x}: got ${JSON.stringify(text)}`);
    }
    tenths.push({
      cells: ((tenth + 1) * cells) / 10,
      medianMs: round(median(times)),
      worstMs: round(Math.max(...times)),
      frontMB: residentMegabytes(kernel.process.pid),
      sessionMB: residentMegabytes(session),
    });
  }
  console.table(tenths);
  await kernel.shutdown();
}

async function muchOutput() {
  const lines = megabytes * 10_000;
  // 100 characters each.
  const code = `for (let i = 1; i <= ${lines}; i++) console.log(String(i).padStart(99, "."))`;
  const last = `${String(lines).padStart(99, ".")}\n`;
  const rows = [];
  for (const reader of ["at once", "afterwards"]) {
    const kernel = await KernelClient.launch();
    const slow = new zmq.Subscriber({ receiveHighWaterMark: 1, linger: 0 });
    slow.connect(endpoint(kernel.info, "iopub"));
    slow.subscribe("stream");
    await kernel.execute("0");
    const heart = heartbeats(kernel);
    const start = performance.now();
    const { outputs } = await kernel.execute(code);
    const seconds = (performance.now() - start) / 1000;
    const worstHeartbeatMs = await heart.stop();
    const text =
      reader === "at once"
        ? outputs.map(({ content }) => content.text).join("")
        : await readAll(slow, kernel, last);
    rows.push({
      reader,
      megabytes: text.length / 1e6,
      seconds: round(seconds),
      worstHeartbeatMs: round(worstHeartbeatMs),
      lastLineArrived: text.endsWith(last),
      frontMB: residentMegabytes(kernel.process.pid),
    });
    slow.close();
    await kernel.shutdown();
  }
  console.table(rows);
}

/** All stream text for a subscriber that has not read until now, up to a last line. */
async function readAll(socket, kernel, last) {
  const wire = new Wire(kernel.info.key);
  const texts = [];
  while (texts.at(-1)?.endsWith(last) !== true) texts.push(wire.decode(await socket.receive()).content.text);
  return texts.join("");
}

/** Sends one heartbeat after another until it is stopped; resolves to the longest wait for an answer. */
function heartbeats(kernel) {
  const socket = new zmq.Request({ linger: 0 });
  socket.connect(endpoint(kernel.info, "hb"));
  let stopped = false;
  let worst = 0;
  const beating = (async () => {
    while (!stopped) {
      const start = performance.now();
      await socket.send("ping");
      await socket.receive();
      worst = Math.max(worst, performance.now() - start);
      await sleep(5);
    }
    socket.close();
  })();
  return {
    async stop() {
      stopped = true;
      await beating;
      return worst;
    },
  };
}

function residentMegabytes(pid) {
  const [, kilobytes] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return Math.round(Number(kilobytes) / 1024);
}

function textOf({ outputs }) {
  return outputs.map(({ content }) => content.text ?? content.data["text/plain"]).join("");
}

function round(value) {
  return Number(value.toFixed(1));
}
