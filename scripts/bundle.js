// Puts the compiled modules from build/ into dist/. Those that the package's main entry loads become one file,
// dist/library.js: reading a hundred and fifty takes longer than all else that an import does. Under its own name, each
// of them then gives what is in there. The grader's host, which starts once for every submission, becomes one CommonJS
// file: Node's loader of ES modules takes nearly as long as all else of Node.
import { chmodSync, cpSync, existsSync, readFileSync, readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const [compiled, output] = [join(process.cwd(), "build"), "dist"];

const folders = /^(autodiff|data|display|engine|fit|nn|ops|optim|plot|scalar|tensor)\//;
const files = /^(index|errors|package|testing\/(close|gradcheck|numerical-gradient))\.js$/;
/** What threads load, which is little and has to be quick. */
const threads = /^engine\/thread(-control)?\.js$/;
/** What is imported when it is first needed. */
const late = /^data\/(files|download)\.js$/;

const all = readdirSync(compiled, { recursive: true })
  .map((file) => file.split(sep).join("/"))
  // what is left of a source that is gone does not count
  .filter((file) => file.endsWith(".js") && existsSync(join("src", file.replace(/\.js$/, ".ts"))));
const host = "grader/host-main.js";
const isLibrary = (file) => (folders.test(file) || files.test(file)) && !threads.test(file);

const nameOf = (id) => relative(compiled, id).split(sep).join("/");

for (const file of all.filter((file) => !isLibrary(file) && file !== host))
  cpSync(join(compiled, file), join(output, file));

const bundle = await rolldown({
  input: Object.fromEntries(
    all.filter(isLibrary).map((file) => [file.replace(/\.js$/, ""), join(compiled, file)]),
  ),
  external: (id) => /^[^./]/.test(id) || threads.test(nameOf(id)),
  platform: "node",
  treeshake: false,
  logLevel: "warn",
});
await bundle.write({
  dir: output,
  entryFileNames: "[name].js",
  chunkFileNames: "[name].js",
  codeSplitting: { groups: [{ name: "library", test: (id) => !late.test(nameOf(id)) }] },
});
await bundle.close();

const hostBundle = await rolldown({ input: join(compiled, host), platform: "node", logLevel: "warn" });
await hostBundle.write({ file: join(output, host.replace(/\.js$/, ".cjs")), format: "cjs" });
await hostBundle.close();

cpSync("src/grader/seccomp", join(output, "grader/seccomp"), { recursive: true });

// npm makes programs executable when it links them, once; afterwards they have to stay so.
const { bin } = JSON.parse(readFileSync("package.json", "utf8"));
for (const program of Object.values(bin)) chmodSync(program, 0o755);
