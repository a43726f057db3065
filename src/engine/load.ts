import { readFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { compiledFile } from "../package.js";
import type { Kernels, Pointer } from "./kernels.js";

// Node 20 has relaxed SIMD behind a flag; later versions, which know no such flag any more, have it anyway.
if (process.versions.node.startsWith("20.")) setFlagsFromString("--experimental-wasm-relaxed-simd");

/** The WebAssembly module, ready to run. */
export interface Engine {
  readonly memory: WebAssembly.Memory;
  readonly module: WebAssembly.Module;
  readonly kernels: Kernels;
  /** Whether products are added with one rounding (relaxed SIMD) or with two. */
  readonly relaxed: boolean;
  /** Grows the memory by `bytes`, rounded up to whole pages of 64 KB, and returns where the new, zeroed part begins. */
  readonly reserve: (bytes: number) => Pointer;
}

const pageBytes = 65_536;
/** The largest memory that 32-bit addresses reach, and what is tried where so much address space is not to be had. */
const maximumPages = [65_536, 16_384, 4_096];

/**
 * Loads the engine from the file built for it: synchronously, so that it can serve the first operation.
 *
 * @throws Error if `dist/engine` has not been built, or this JavaScript engine has no WebAssembly SIMD or shared memory.
 */
export function loadEngine(relaxed: boolean = hasRelaxedSimd()): Engine {
  const file = compiledFile(`engine/${relaxed ? "relaxed" : "plain"}.wasm`);
  const module = new WebAssembly.Module(readFileSync(file));
  const memory = sharedMemory();
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  return {
    memory,
    module,
    kernels: exports as unknown as Kernels,
    relaxed,
    reserve(bytes) {
      const pages = Math.ceil(bytes / pageBytes);
      return memory.grow(pages) * pageBytes;
    },
  };
}

function sharedMemory(): WebAssembly.Memory {
  for (const [i, maximum] of maximumPages.entries()) {
    try {
      return new WebAssembly.Memory({ initial: 1, maximum, shared: true });
    } catch (error) {
      if (i === maximumPages.length - 1) throw error;
    }
  }
  throw new RangeError("No size of memory was tried.");
}

/** (module (func (result v128) (f32x4.relaxed_madd (v128.const …) × 3))): valid where relaxed SIMD is. */
function hasRelaxedSimd(): boolean {
  const zeros = [0xfd, 0x0c, ...Array<number>(16).fill(0)];
  const code = [0x00, ...zeros, ...zeros, ...zeros, 0xfd, 0x85, 0x02, 0x0b];
  return WebAssembly.validate(
    Uint8Array.of(
      ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
      ...[0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b, 0x03, 0x02, 0x01, 0x00],
      ...[0x0a, code.length + 2, 0x01, code.length, ...code],
    ),
  );
}
