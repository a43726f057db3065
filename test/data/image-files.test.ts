import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { deflateSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import "../../src/testing/matchers.js";
import { DataFormatError, idxImages, mnist, parseIdx, svhn, svhnImages } from "../../src/index.js";
import { parseMat } from "../../src/data/mat.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gradlab-images-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A file of bytes in the IDX format. */
function idx(shape: number[], elements: ArrayLike<number>): Buffer {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.set([0, 0, 8, shape.length]);
  shape.forEach((size, axis) => header.writeUInt32BE(size, 4 + 4 * axis));
  return Buffer.concat([header, Uint8Array.from(elements)]);
}

describe("IDX", () => {
  test("bytes of any shape come back", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(4), { minLength: 1, maxLength: 4 }), (shape) => {
        const elements = Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => (37 * i) % 256);
        const read = parseIdx(idx(shape, elements));
        expect([read.shape, read.dtype, Array.from(read.data)]).toEqual([shape, "int32", elements]);
      }),
    );
  });

  test.for([
    [0x09, "Int8", "int32", -7],
    [0x0b, "Int16BE", "int32", -700],
    [0x0c, "Int32BE", "int32", -70_000],
    [0x0d, "FloatBE", "float32", 0.5],
    [0x0e, "DoubleBE", "float64", Math.PI],
  ] as const)("element type %i, %s", ([code, type, dtype, value]) => {
    const element = Buffer.alloc(8);
    const end = element[`write${type}`](value);
    const read = parseIdx(
      Buffer.concat([Buffer.from([0, 0, code, 1, 0, 0, 0, 1]), element.subarray(0, end)]),
    );
    expect(read.dtype).toBe(dtype);
    expect(read.toArray()).toBeAllClose([value]);
  });

  test("count takes the first entries", () => {
    expect(parseIdx(idx([3, 2], [1, 2, 3, 4, 5, 6]), 2).toArray()).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(parseIdx(idx([1], [9]), 5).toArray()).toEqual([9]);
  });

  test.for([
    [[], "nothing"],
    [[0, 0, 7, 1, 0, 0, 0, 0], "00 00 07 01"],
    [[0, 0, 8, 0], "00 00 08 00"],
    [[0, 0, 8, 2, 0, 0, 0, 1], "00 00 08 02"],
    [[60, 104, 116, 109, 108], "3c 68 74 6d"],
  ] as const)("refuses %o", ([bytes, start]) => {
    expect(() => parseIdx(Uint8Array.from(bytes))).toThrow(
      new DataFormatError(
        `IDX: the file begins with ${start}. Expected 00 00, an element type (08 to 0e), the number of axes, ` +
          `and four bytes for each.`,
      ),
    );
  });

  test.for([5, 7])("refuses %i elements for 6", (length) => {
    expect(() => parseIdx(idx([2, 3], new Uint8Array(length)))).toThrow(
      new DataFormatError(`IDX: the file has ${12 + length} bytes. Expected 18 for shape [2, 3].`),
    );
  });
});

describe("MNIST's files in a folder", () => {
  const images = idx([3, 2, 2], [0, 51, 102, 153, 204, 255, 0, 0, 255, 0, 255, 0]);
  const labels = idx([3], [7, 0, 9]);

  test.for(["", ".gz"])("with the ending '%s'", async (ending) => {
    const pack = (bytes: Buffer) => (ending ? gzipSync(bytes) : bytes);
    writeFileSync(join(folder, `t10k-images-idx3-ubyte${ending}`), pack(images));
    writeFileSync(join(folder, `t10k-labels-idx1-ubyte${ending}`), pack(labels));
    const [x, y] = (await mnist({ folder, split: "test" })).tensors;
    expect([x.shape, x.dtype, y.dtype]).toEqual([[3, 1, 2, 2], "float32", "int32"]);
    expect(x.toArray()).toBeAllClose([
      [
        [
          [0, 0.2],
          [0.4, 0.6],
        ],
      ],
      [
        [
          [0.8, 1],
          [0, 0],
        ],
      ],
      [
        [
          [1, 0],
          [1, 0],
        ],
      ],
    ]);
    expect(y.toArray()).toEqual([7, 0, 9]);
    expect((await mnist({ folder, split: "test", count: 2 })).length).toBe(2);
  });

  test("a missing file is named", async () => {
    await expect(mnist({ folder })).rejects.toThrow(
      `${folder}: there is no train-images-idx3-ubyte.gz or train-images-idx3-ubyte. ` +
        `Put the file there, or leave the folder out to download.`,
    );
    await expect(svhn({ folder })).rejects.toThrow(
      `${folder}: there is no train_32x32.mat. Put the file there, or leave the folder out to download.`,
    );
  });

  test("a damaged archive is named", async () => {
    const path = join(folder, "images.gz");
    writeFileSync(path, gzipSync(images).subarray(0, 30));
    await expect(idxImages(path, path)).rejects.toThrow(
      new DataFormatError(`${path}: the gzip data is damaged or cut off.`),
    );
  });

  test("images and labels must fit", async () => {
    const [a, b] = ["images", "labels"].map((name) => join(folder, name));
    writeFileSync(a, images);
    writeFileSync(b, idx([2], [1, 2]));
    const shapes = "Expected [n, height, width] and [n].";
    await expect(idxImages(a, b)).rejects.toThrow(
      new DataFormatError(`IDX: images are [3, 2, 2] and labels [2]. ${shapes}`),
    );
    await expect(idxImages(b, a)).rejects.toThrow(
      new DataFormatError(`IDX: images are [2] and labels [3, 2, 2]. ${shapes}`),
    );
  });
});

// Made by scripts/fixtures/make_mat_fixtures.py.
const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/mat/${name}`, import.meta.url));
const json = (name: string): unknown => JSON.parse(readFileSync(fixture(name), "utf8"));

describe("SVHN's format", () => {
  const expected = json("svhn.json") as { x: number[][][][]; y: number[] };

  test.for(["svhn-packed.mat", "svhn-plain.mat"])("%s", async (name) => {
    const [x, y] = (await svhnImages(fixture(name))).tensors;
    expect([x.shape, x.dtype, y.dtype]).toEqual([[7, 3, 5, 4], "float32", "int32"]);
    expect(x.mul(255)).toBeAllClose(expected.x, { rtol: 1e-6 });
    expect(y.toArray()).toEqual(expected.y);
    const few = await svhnImages(fixture(name), { count: 2 });
    expect(few.tensors[0].mul(255)).toBeAllClose(expected.x.slice(0, 2), { rtol: 1e-6 });
    expect(few.tensors[1].toArray()).toEqual(expected.y.slice(0, 2));
  });

  test("from a folder", async () => {
    writeFileSync(join(folder, "test_32x32.mat"), readFileSync(fixture("svhn-packed.mat")));
    expect((await svhn({ folder, split: "test" })).length).toBe(7);
  });

  test("a file with other arrays is refused, naming them", async () => {
    await expect(svhnImages(fixture("types.mat"))).rejects.toThrow(
      /^SVHN: the file holds int8 \[2, 3\], .*Expected X \[height, width, channels, n\] and y \[n, 1\]\.$/,
    );
  });
});

describe("MAT-files", () => {
  test("every type of number; what is no number is left out", async () => {
    const arrays = await parseMat(readFileSync(fixture("types.mat")));
    const plain = Array.from(arrays, ([name, { shape, data }]) => [name, { shape, data: Array.from(data) }]);
    expect(Object.fromEntries(plain)).toEqual(json("types.json"));
  });

  const header = (text: string, mark = "IM", version = 1) => {
    const bytes = Buffer.alloc(128, " ");
    bytes.write(text);
    bytes.set([0, version], 124);
    bytes.write(mark, 126);
    return bytes;
  };
  const word = (...values: number[]) => Buffer.from(Uint32Array.from(values).buffer);
  test.for([
    [Buffer.from("<html>"), "MAT: this is no MAT-file of version 5: its header is another."],
    [header("MATLAB 5.0", "XX"), "MAT: this is no MAT-file of version 5: its header is another."],
    [header("MATLAB 7.3 MAT-file"), "MAT: the file is of version 7.3. Expected version 5; save with '-v7'."],
    [header("MATLAB 5.0", "MI"), "MAT: the file is big-endian. Expected little-endian, as PCs write it."],
    [
      Buffer.concat([header("MATLAB 5.0"), word(15, 8), Buffer.alloc(8, 7)]),
      "MAT: a compressed array is damaged.",
    ],
    [
      Buffer.concat([header("MATLAB 5.0"), word(0x00090001, 0)]),
      "MAT: a small element at byte 128 claims 9 bytes, not up to 4.",
    ],
    [
      Buffer.concat([header("MATLAB 5.0"), word(14, 400)]),
      "MAT: the file is cut off: an element at byte 128 is incomplete.",
    ],
    [
      Buffer.concat([header("MATLAB 5.0"), word(14, 56, 6, 8, 6, 0, 5, 8, 2, 2, 0x00010001, 88, 9, 8, 0, 0)]),
      "MAT: X has 1 elements. Expected 4 for shape [2, 2].",
    ],
    [
      Buffer.concat([
        header("MATLAB 5.0"),
        word(14, 56, 6, 8, 6, 0, 5, 8, 1, 1, 0x00010001, 88, 12, 8, 0, 0),
      ]),
      "MAT: X is stored as type 12, which holds no plain numbers.",
    ],
  ] as const)("refuses %#: %o", async ([bytes, message]) => {
    await expect(parseMat(bytes)).rejects.toThrow(new DataFormatError(message));
  });

  test("a file cut off anywhere is refused or lacks whole arrays, never half of one", async () => {
    const whole = readFileSync(fixture("svhn-plain.mat"));
    const arrays = await parseMat(whole);
    for (let length = 0; length < whole.length; length += 7) {
      const cut = await parseMat(whole.subarray(0, length)).catch((error: unknown) => error);
      if (cut instanceof Map)
        for (const [name, array] of cut) expect(array).toEqual(arrays.get(name as string));
      else expect(cut).toBeInstanceOf(DataFormatError);
    }
  });

  test("packed content need not be aligned", async () => {
    const matrix = word(14, 48, 6, 8, 6, 0, 5, 8, 1, 1, 0x00010001, 88, 0x00010002, 42);
    const packed = deflateSync(Buffer.concat([matrix.subarray(0, 4), word(48), matrix.subarray(8)]));
    const odd = Buffer.concat([Buffer.alloc(1), header("MATLAB 5.0"), word(15, packed.length), packed]);
    const arrays = await parseMat(odd.subarray(1));
    expect(Array.from(arrays.get("X")!.data)).toEqual([42]);
  });
});

test("what needs Node is imported only when a file is asked for", () => {
  const folder = fileURLToPath(new URL("../../src/data/", import.meta.url));
  const nodeOnly = ["download.ts", "files.ts"];
  for (const name of readdirSync(folder)) {
    if (nodeOnly.includes(name)) continue;
    const text = readFileSync(join(folder, name), "utf8");
    const imports = [...text.matchAll(/^(?:import|export) (?!type )[^;]*? from "([^"]+)";$/gm)].map(
      ([, from]) => from,
    );
    expect(imports.filter((from) => /^node:|\/(download|files)\.js$/.test(from))).toEqual([]);
  }
});
