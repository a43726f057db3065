// Compiles src/engine/assembly to dist/engine: plain.wasm for any WebAssembly with SIMD, relaxed.wasm with fused
// multiply-add. Does nothing if neither the sources nor the compiler have changed since.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const [sources, output] = ["src/engine/assembly", "dist/engine"];
const binaries = { plain: [], relaxed: ["--enable", "relaxed-simd"] };
const options = [
  ...["-O3", "--noAssert", "--runtime", "stub", "--enable", "simd", "--enable", "threads"],
  ...["--importMemory", "--sharedMemory", "--initialMemory", "1", "--maximumMemory", "65536"],
];

const stamp = join(output, "assembly.sha256");
const hash = hashOf([
  fileURLToPath(import.meta.url),
  ...filesOf(sources),
  "node_modules/assemblyscript/package.json",
]);
const built = existsSync(stamp) && readFileSync(stamp, "utf8") === hash;
if (!built || Object.keys(binaries).some((name) => !existsSync(join(output, `${name}.wasm`)))) {
  mkdirSync(output, { recursive: true });
  rmSync(stamp, { force: true });
  for (const [name, features] of Object.entries(binaries)) await compile(name, features);
  writeFileSync(stamp, hash);
}

async function compile(name, features) {
  const outFile = join(output, `${name}.wasm`);
  const { error, stderr } = await asc.main([
    join(sources, "index.ts"),
    "-o",
    outFile,
    ...options,
    ...features,
  ]);
  if (!error) return;
  process.stderr.write(stderr.toString());
  console.error(`build-engine: ${sources} does not compile: ${error.message}`);
  process.exit(1);
}

function filesOf(folder) {
  const names = readdirSync(folder).sort();
  return names.filter((name) => name.endsWith(".ts")).map((name) => join(folder, name));
}

function hashOf(files) {
  const hash = createHash("sha256");
  for (const file of files) hash.update(`${file}\n`).update(readFileSync(file));
  return hash.digest("hex");
}
