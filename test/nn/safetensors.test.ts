import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import "../../src/testing/matchers.js";
import { nn, tensor, zeros } from "../../src/index.js";

// Written by scripts/fixtures/safetensors_numpy.py, with numpy alone.
const fromPython = readFileSync(new URL("../fixtures/torch/nn/python.safetensors", import.meta.url));

describe("reading what Python wrote", () => {
  const { tensors, metadata } = nn.fromSafetensors(fromPython);

  test("gives every tensor in the library's dtypes", () => {
    const described = Object.entries(tensors).map(([name, { dtype, shape }]) => [name, dtype, shape]);
    expect(described).toEqual([
      ["fc.weight", "float32", [2, 3]],
      ["fc.bias", "float64", [2]],
      ["half", "float32", [5]],
      ["bn.num_batches_tracked", "int32", []],
      ["labels", "int32", [2]],
      ["short", "int32", [2]],
      ["pixels", "int32", [1, 2]],
      ["mask", "bool", [3]],
      ["empty", "float32", [0, 4]],
    ]);
    expect(metadata).toEqual({ made_by: "numpy" });
  });

  test("gives the numbers bit for bit", () => {
    const f32 = [1.5, -2.25, 3e-5, 0, 1e30, -0.1].map(Math.fround);
    expect(Array.from(tensors["fc.weight"].data)).toEqual(f32);
    expect(Array.from(tensors["fc.bias"].data)).toEqual([0.1, -1e300]);
    // the halves nearest to −0.333 and 6e-8
    expect(Array.from(tensors["half"].data)).toEqual([1.5, -0.3330078125, 65504, 2 ** -24, Infinity]);
    expect(tensors["bn.num_batches_tracked"].item()).toBe(7);
    expect(Array.from(tensors["labels"].data)).toEqual([3, -4]);
    expect(Array.from(tensors["short"].data)).toEqual([-32768, 5]);
    expect(Array.from(tensors["pixels"].data)).toEqual([0, 255]);
    expect(tensors["mask"].toArray()).toEqual([true, false, true]);
  });

  test("works wherever in a larger buffer the bytes lie", () => {
    const shifted = new Uint8Array(fromPython.length + 3).subarray(3);
    shifted.set(fromPython);
    expect(nn.fromSafetensors(shifted).tensors["fc.bias"]).toBeAllClose(tensors["fc.bias"]);
  });
});

test("bfloat16 is the upper half of float32", () => {
  const file = fileOf({ x: { dtype: "BF16", shape: [2], data_offsets: [0, 4] } }, [0xc0, 0x3f, 0x00, 0xc1]);
  expect(nn.fromSafetensors(file).tensors["x"].toArray()).toEqual([1.5, -8]);
});

test("what is written has the format of the specification", () => {
  const file = nn.toSafetensors({ b: tensor([true]), w: tensor([[1, 2]]) }, { format: "pt" });
  const length = Number(new DataView(file.buffer).getBigUint64(0, true));
  const text = new TextDecoder().decode(file.subarray(8, 8 + length));
  expect(length % 8).toBe(0);
  expect(JSON.parse(text)).toEqual({
    __metadata__: { format: "pt" },
    w: { dtype: "F32", shape: [1, 2], data_offsets: [0, 8] },
    b: { dtype: "BOOL", shape: [1], data_offsets: [8, 9] },
  });
  expect(Array.from(file.subarray(8 + length))).toEqual([0, 0, 128, 63, 0, 0, 0, 64, 1]);
});

test("a network's state goes through a file", async () => {
  const folder = await mkdtemp(join(tmpdir(), "gradlab-"));
  try {
    const make = () => new nn.Sequential(new nn.Conv2d(1, 2, 3), new nn.BatchNorm2d(2), new nn.ReLU());
    const [trained, fresh] = [make(), make()];
    trained.forward(zeros([2, 1, 4, 4]).add(1));
    const path = join(folder, "model.safetensors");
    await nn.saveSafetensors(path, trained.stateDict());
    fresh.loadStateDict(await nn.loadSafetensors(path));
    expect(fresh.stateDict()).toEqual(trained.stateDict());
    expect(
      fresh
        .namedBuffers()
        .find(([name]) => name === "1.num_batches_tracked")?.[1]
        .item(),
    ).toBe(1);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("a tensor named __proto__ is a tensor like others", () => {
  const state = Object.fromEntries([["__proto__", tensor([5])]]);
  const { tensors } = nn.fromSafetensors(nn.toSafetensors(state));
  expect(Object.keys(tensors)).toEqual(["__proto__"]);
});

describe("files that are not valid are refused", () => {
  const entry = { dtype: "F32", shape: [1], data_offsets: [0, 4] };
  const four = [0, 0, 0, 0];
  const cases: [file: Uint8Array, problem: string][] = [
    [new Uint8Array(7), "it has 7 bytes, too few for the length of a header"],
    [lengthOnly(2n ** 63n), "its header would have 9223372036854776000 bytes, at most 100000000"],
    [lengthOnly(12n), "its header has 12 bytes, but the file ends after 0"],
    [rawFile('{"x": '), "its header is not JSON in UTF-8"],
    [rawFile(Uint8Array.of(0x7b, 0xff, 0x7d)), "its header is not JSON in UTF-8"],
    [rawFile(" {}"), "its header does not begin with an object"],
    [rawFile("[]"), "its header does not begin with an object"],
    [fileOf({ __metadata__: { n: 1 } }), "__metadata__ is not an object of texts"],
    [
      fileOf({ x: { ...entry, shape: [-1] } }, four),
      "tensor x lacks dtype, shape or data_offsets, or they are not as they must be",
    ],
    [fileOf({ x: 3 }), "tensor x lacks dtype, shape or data_offsets, or they are not as they must be"],
    [
      fileOf({ x: { ...entry, data_offsets: [0, 4, 8] } }, four),
      "tensor x lacks dtype, shape or data_offsets, or they are not as they must be",
    ],
    [
      fileOf({ x: { ...entry, dtype: "constructor" } }, four),
      "tensor x has dtype constructor; those that can be read are F64, F32, F16, BF16, I64, I32, I16, I8, U8, BOOL",
    ],
    [fileOf({ x: { ...entry, shape: [2] } }, four), "tensor x of F32 [2] needs 8 bytes, but has 4"],
    [
      fileOf({ x: { ...entry, data_offsets: [4, 8] } }, [...four, ...four]),
      "tensor x begins at byte 4 of the data, not at 0",
    ],
    [fileOf({ x: entry, y: entry }, four), "tensor y begins at byte 0 of the data, not at 4"],
    [fileOf({ x: entry }, [0, 0]), "its tensors end at byte 4 of the data, which has 2"],
    [fileOf({ x: entry }, [...four, 0]), "its tensors end at byte 4 of the data, which has 5"],
    [
      fileOf({ x: { dtype: "I64", shape: [1], data_offsets: [0, 8] } }, [0, 0, 0, 0, 1, 0, 0, 0]),
      "tensor x of I64 holds 4294967296, which does not fit int32",
    ],
  ];
  test.for(cases)("%#: $1", ([file, problem]) => {
    expect(() => nn.fromSafetensors(file)).toThrow(
      new Error(`fromSafetensors: not a valid file: ${problem}.`),
    );
  });

  test("and a tensor named as the metadata is not written", () => {
    expect(() => nn.toSafetensors({ __metadata__: zeros([1]) })).toThrow(
      "toSafetensors: no tensor may be named __metadata__.",
    );
  });

  test("every prefix of a valid file is refused", () => {
    for (let length = 0; length < fromPython.length; length++) {
      expect(() => nn.fromSafetensors(fromPython.subarray(0, length))).toThrow("not a valid file");
    }
  });
});

function fileOf(header: object, data: readonly number[] = []): Uint8Array {
  return rawFile(JSON.stringify(header), data);
}

function rawFile(header: string | Uint8Array, data: readonly number[] = []): Uint8Array {
  const bytes = typeof header === "string" ? new TextEncoder().encode(header) : header;
  return Uint8Array.of(...lengthOnly(BigInt(bytes.length)), ...bytes, ...data);
}

function lengthOnly(length: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, length, true);
  return bytes;
}
