// Makes docs/performance.md: gradlab beside PyTorch and the JavaScript libraries, in interleaved rounds, and how cost grows.
//
//   npm run build && node bench/performance.mjs --harness DIR --peers DIR [--rounds 5] [--only mlp,lenet]
//
// DIR of --harness holds the side-by-side harness (bench.mjs, bench.py, lib/, peers/), that of --peers one npm project per
// library. Results so far are kept in bench/results/performance.jsonl; --page makes the page from them alone.
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  readdirSync,
} from "node:fs";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { median } from "./median.mjs";

const root = resolve(fileURLToPath(new URL("..", import.meta.url)));
const resultsFile = join(root, "bench/results/performance.jsonl");
const { values } = parseArgs({
  options: {
    harness: { type: "string" },
    peers: { type: "string" },
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "0.8" },
    only: { type: "string" },
    page: { type: "boolean", default: false },
  },
});
const torch = (...options) => ({ peer: "torch", python: true, options });
const js = (peer, ...options) => ({ peer, options });
const two = ["--threads", "2"];
/** Which programs run in each benchmark; those of one round stay adjacent, so that ratios share the noise. */
const jobs = {
  matmul: [
    torch(),
    js("gradlab"),
    js("jax"),
    js("tfjs-wasm"),
    { ...torch(...two), label: "torch-2t" },
    { ...js("gradlab", ...two), label: "gradlab-2t" },
    { ...js("jax", ...two), label: "jax-2t" },
  ],
  chain: [torch(), js("gradlab"), js("jax"), js("tfjs-wasm"), js("tfjs-cpu")],
  mlp: [
    torch(),
    js("gradlab"),
    { ...js("gradlab", ...two), label: "gradlab-2t" },
    js("jax"),
    js("tfjs-wasm"),
    js("tfjs-cpu"),
  ],
  lenet: [
    torch(),
    js("gradlab"),
    { ...js("gradlab", ...two), label: "gradlab-2t" },
    js("jax"),
    js("tfjs-wasm-im2col"),
  ],
  resnet: [torch(), js("gradlab"), { ...js("gradlab", ...two), label: "gradlab-2t" }, js("tfjs-wasm-im2col")],
  dispatch: [torch(), js("gradlab"), js("jax"), js("tfjs-wasm"), js("tfjs-cpu")],
  scalar: [{ peer: "pyscalar", python: true, options: [] }, js("gradlab")],
};

if (!values.page) measure();
writeFileSync(join(root, "docs/performance.md"), page(results()));

function measure() {
  if (!values.harness || !values.peers) {
    console.error(
      "usage: node bench/performance.mjs --harness DIR --peers DIR [--rounds N] [--only LIST] | --page",
    );
    process.exit(2);
  }
  const folder = mkdtempSync(join(tmpdir(), "gradlab-bench-"));
  cpSync(values.harness, folder, { recursive: true });
  cpSync(join(root, "bench/peers/gradlab.mjs"), join(folder, "peers/gradlab.mjs"));
  const env = { ...process.env, PERF_PEERS: resolve(values.peers), PERF_GRADLAB: root };
  const rows = [{ name: "machine", ...machine(env) }];
  const only = values.only?.split(",");
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const [bench, list] of Object.entries(jobs)) {
      if (only && !only.includes(bench)) continue;
      for (const { peer, python, options, label = peer } of list) {
        const shared = [peer, bench, ...options, "--label", label, "--seconds", values.seconds];
        const [program, args] = python
          ? ["/usr/bin/python3", ["bench.py", ...shared]]
          : [process.execPath, ["--expose-gc", "bench.mjs", ...shared]];
        rows.push(...linesOf(program, args, folder, env).map((row) => ({ ...row, round })));
      }
      console.error(`round ${round + 1} of ${values.rounds}: ${bench}`);
    }
  }
  if (!only) {
    rows.push(...startup());
    rows.push(
      ...linesOf(process.execPath, ["--expose-gc", "bench/memory.mjs"], root, env).map((row) => ({
        name: "memory",
        ...row,
      })),
    );
    rows.push(
      ...linesOf(process.execPath, ["bench/scaling.mjs"], root, env).map((row) => ({
        name: "scaling",
        ...row,
      })),
    );
  }
  rmSync(folder, { recursive: true, force: true });
  const kept = only && existsSync(resultsFile) ? results() : [];
  const others = kept.filter((row) => !only?.includes(row.name.split("_")[0]) && row.name !== "machine");
  writeFileSync(resultsFile, [...rows, ...others].map((row) => JSON.stringify(row) + "\n").join(""));
}

function linesOf(program, args, cwd, env) {
  const { stdout, stderr } = spawnSync(program, args, { cwd, env, encoding: "utf8", timeout: 240_000 });
  const lines = (stdout ?? "").split("\n").filter((line) => line.startsWith("{"));
  if (lines.length === 0) console.error(`no output of ${args.join(" ")}: ${(stderr ?? "").slice(-300)}`);
  return lines.map((line) => JSON.parse(line));
}

/** What the last measurement left. */
function results() {
  return readFileSync(resultsFile, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

function machine(env) {
  const version = (code) => spawnSync("/usr/bin/python3", ["-c", code], { encoding: "utf8" }).stdout?.trim();
  const installed = (folder, name) => {
    const file = join(env.PERF_PEERS, folder, "node_modules", name, "package.json");
    return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).version : undefined;
  };
  return {
    date: new Date().toISOString().slice(0, 10),
    cpu: `${cpus()[0].model}, ${availableParallelism()} cores`,
    node: process.version,
    torch: version("import torch; print(torch.__version__)"),
    "jax-js": installed("jax", "@jax-js/jax"),
    tfjs: installed("tfjs-wasm", "@tensorflow/tfjs"),
    gradlab: JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version,
  };
}

/** Milliseconds of `import` and a first operation in a fresh process, beyond those of an empty one; size of what is loaded. */
function startup() {
  const wall = (code) => {
    const start = performance.now();
    spawnSync(process.execPath, ["--input-type=module", "-e", code], { stdio: "ignore" });
    return performance.now() - start;
  };
  const first = `import { ones } from ${JSON.stringify(join(root, "dist/index.js"))}; ones([2]).add(1).sum().item();`;
  const rounds = Array.from({ length: 11 }, () => [wall(""), wall(first)]);
  const ms = median(rounds.map(([, loaded]) => loaded)) - median(rounds.map(([empty]) => empty));
  const engine = join(root, "dist/engine");
  const bytes = existsSync(engine)
    ? readdirSync(engine).reduce((sum, file) => sum + statSync(join(engine, file)).size, 0)
    : 0;
  return [{ name: "startup", ms, engineBytes: bytes }];
}

function page(rows) {
  const about = rows.find(({ name }) => name === "machine");
  const rate = (name, metric, peer) => {
    const found = rows.filter(
      (row) => row.name === name && row.metric === metric && row.peer === peer && row.value > 0,
    );
    return found.length > 0 ? median(found.map(({ value }) => value)) : undefined;
  };
  const line = (
    title,
    name,
    metric,
    unit,
    { mine = "gradlab", torch = "torch", js = ["jax", "tfjs-wasm", "tfjs-cpu", "tfjs-wasm-im2col"], targets },
  ) => {
    const own = rate(name, metric, mine);
    const reference = rate(name, metric, torch);
    const peers = js
      .map((peer) => [peer, rate(name, metric, peer)])
      .filter(([, value]) => value !== undefined);
    const [best, bestValue] = peers.toSorted((a, b) => b[1] - a[1])[0] ?? [];
    const ratio = (value) =>
      own === undefined || value === undefined ? "–" : `${(own / value).toFixed(2)}×`;
    const cells = [
      title,
      `${round(own)} ${unit}`,
      ratio(reference),
      targets[0],
      best ? `${ratio(bestValue)} (${best})` : "–",
      targets[1],
    ];
    return `| ${cells.join(" | ")} |`;
  };
  const sizes = [64, 128, 256, 512, 1024];
  const table = [
    "| benchmark | gradlab | of torch, 1 thread | target | of the best JS peer | target |",
    "|---|---|---|---|---|---|",
    ...sizes.map((n) =>
      line(`matmul ${n}, 1 thread`, "matmul", `gflops_${n}`, "GFLOP/s", {
        targets: n >= 256 ? ["0.45", "1.25×"] : ["", ""],
      }),
    ),
    ...sizes
      .filter((n) => n >= 512)
      .map((n) =>
        line(`matmul ${n}, 2 threads`, "matmul", `gflops_${n}`, "GFLOP/s", {
          mine: "gradlab-2t",
          js: ["jax-2t", "jax"],
          targets: ["0.85", "1.7×"],
        }),
      ),
    line("elementwise chain, forward", "chain_fwd", "nominal_GBps", "GB/s", { targets: ["0.6", "5×"] }),
    line("elementwise chain, with gradient", "chain_grad", "nominal_GBps", "GB/s", {
      targets: ["1.1", "5×"],
    }),
    line("MLP 784-128-10, 1 thread", "mlp", "steps_per_s", "steps/s", { targets: ["0.8", "2.5×"] }),
    line("MLP 784-128-10, 2 threads", "mlp", "steps_per_s", "steps/s", {
      mine: "gradlab-2t",
      targets: ["1.0", ""],
    }),
    line("LeNet, 1 thread", "lenet", "steps_per_s", "steps/s", { targets: ["0.6", "20×"] }),
    line("LeNet, 2 threads", "lenet", "steps_per_s", "steps/s", { mine: "gradlab-2t", targets: ["", ""] }),
    line("small ResNet, 1 thread", "resnet", "steps_per_s", "steps/s", { targets: ["0.4", "15×"] }),
    line("small ResNet, 2 threads", "resnet", "steps_per_s", "steps/s", {
      mine: "gradlab-2t",
      targets: ["0.6", ""],
    }),
    line("tiny operations, forward + backward", "dispatch", "ops_per_s", "ops/s", { targets: ["1.5", "6×"] }),
    line("scalar engine (of Python's micrograd)", "scalar", "nodes_per_s", "nodes/s", {
      torch: "pyscalar",
      targets: ["20×", ""],
    }),
  ];
  const start = rows.find(({ name }) => name === "startup");
  const memory = rows.filter(({ name }) => name === "memory");
  const growth = (key) => (memory.at(-1)[key] - memory[0][key]).toFixed(2);
  const scaling = groups(rows);
  const versions = Object.entries(about)
    .filter(([key]) => !["name", "date", "cpu"].includes(key))
    .map(([key, value]) => `${key} ${value}`);
  return [
    "# Performance",
    "",
    `Measured on ${about.date}: ${about.cpu}; ${versions.join(", ")}. Medians of ${Number(values.rounds)} interleaved rounds, each in a fresh process; all ` +
      "libraries compute the same losses from the same weights. Made by `bench/performance.mjs`.",
    "",
    ...table,
    "",
    ...(start
      ? [
          `Import and first operation: ${start.ms.toFixed(0)} ms beyond an empty Node process (target 40). WebAssembly files: ${(start.engineBytes / 1e6).toFixed(2)} MB.`,
          "",
        ]
      : []),
    ...(memory.length > 0
      ? [
          `Memory from step ${memory[0].step} to ${memory.at(-1).step} of an MLP in a loop without a pause: heap ${growth("heapMB")} MB, external ${growth("externalMB")} MB, resident ${growth("rssMB")} MB (target: at most 2).`,
          "",
        ]
      : []),
    readFileSync(join(root, "bench/performance-notes.md"), "utf8").trim(),
    "",
    "## How cost grows",
    "",
    "An MLP with 64 inputs and 10 classes (width 128, depth 2, batch 64 where nothing else is said), a training step with Adam; graphs built and differentiated.",
    "",
    "| | milliseconds at each size |",
    "|---|---|",
    ...[...scaling].map(
      ([series, points]) =>
        `| ${series} | ${points.map(({ x, ms }) => `${x.toLocaleString("en")}: ${round(ms)}`).join(" · ")} |`,
    ),
    "",
  ].join("\n");
}

function groups(rows) {
  const found = new Map();
  for (const row of rows)
    if (row.name === "scaling") found.set(row.series, [...(found.get(row.series) ?? []), row]);
  return found;
}

function round(value) {
  if (value === undefined) return "–";
  return Number(value.toPrecision(3)).toLocaleString("en", { maximumSignificantDigits: 3 });
}
