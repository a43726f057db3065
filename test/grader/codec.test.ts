import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Codec, CodecError, ValueLimitError, type Encoded } from "../../src/grader/codec.js";
import { tensorData, tensorFromData } from "../../src/grader/tensor-data.js";
import "../../src/ops/methods.js";
import { tensor } from "../../src/tensor/create.js";
import { Tensor } from "../../src/tensor/tensor.js";

const codec = new Codec(
  {
    toReference: (value) => ({ $: "reference", type: value.constructor.name }),
    fromReference: ({ $ }) => ($ === "reference" ? { isReference: true } : undefined),
  },
  { toData: (value) => tensorData(Tensor, value), fromData: (data) => tensorFromData(Tensor, data) },
  { items: 1000, depth: 64 },
);

/** There and back, through JSON as in a frame. */
function cross(value: unknown): unknown {
  const blobs: Uint8Array[] = [];
  const encoded = codec.encode(value, blobs);
  return codec.decode(
    JSON.parse(JSON.stringify(encoded)),
    blobs.map((blob) => Uint8Array.from(blob)),
  );
}

describe("values arrive as they were sent", () => {
  test("numbers that JSON does not have", () => {
    for (const value of [NaN, Infinity, -Infinity, -0, 0, 1.5, Number.MAX_VALUE])
      expect(cross(value)).toBe(value);
    expect(cross([undefined, null, 10n ** 30n])).toEqual([undefined, null, 10n ** 30n]);
  });

  test("anything made of plain data", () => {
    const value = fc.anything({
      withMap: true,
      withSet: true,
      withBigInt: true,
      withTypedArray: true,
      withNullPrototype: false,
    });
    fc.assert(
      fc.property(value, (sent) => {
        expect(cross(sent)).toEqual(sent);
      }),
    );
  });

  test("objects that look like tags stay objects", () => {
    for (const value of [{ $: "reference" }, { $: "undefined" }, { $: "object", entries: [] }])
      expect(cross(value)).toEqual(value);
  });

  test("__proto__ is data", () => {
    const sent = JSON.parse('{"__proto__": {"polluted": 1}}') as object;
    const received = cross(sent) as object;
    expect(Object.keys(received)).toEqual(["__proto__"]);
    expect((received as { polluted?: number }).polluted).toBeUndefined();
  });

  test("tensors, with dtype and shape", () => {
    const received = cross([tensor([[1, 2.5]], { requiresGrad: true }), tensor([true, false])]) as Tensor[];
    expect(received[0]).toBeInstanceOf(Tensor);
    expect(received[0]).toMatchObject({ dtype: "float32", shape: [1, 2], requiresGrad: true });
    expect(received[0].toArray()).toEqual([[1, 2.5]]);
    expect(received[1].dtype).toBe("bool");
  });

  test("errors keep name and message and nothing else", () => {
    const received = cross(Object.assign(new RangeError("boo"), { secret: 1 })) as Error;
    expect([received.name, received.message, Object.keys(received)]).toEqual(["RangeError", "boo", ["name"]]);
  });

  test("functions and class instances become references", () => {
    class Net {}
    expect(cross([() => 1, new Net()])).toEqual([{ isReference: true }, { isReference: true }]);
  });
});

test("cycles and symbols are refused by name", () => {
  const cycle: unknown[] = [];
  cycle.push(cycle);
  expect(() => cross(cycle)).toThrow("a value that contains itself");
  expect(() => cross(Symbol("s"))).toThrow("a symbol (Symbol(s))");
});

describe("what is too much is refused on both sides", () => {
  const nested = (depth: number) => {
    let value: unknown = 0;
    for (let i = 0; i < depth; i++) value = [value];
    return value;
  };
  const generous = new Codec(
    { toReference: () => ({ $: "reference" }), fromReference: () => undefined },
    { toData: () => undefined, fromData: () => ({}) },
    { items: Infinity, depth: Infinity },
  );
  const refused = (value: unknown) => {
    expect(() => cross(value)).toThrow(ValueLimitError);
    const blobs: Uint8Array[] = [];
    const encoded = generous.encode(value, blobs);
    expect(() => codec.decode(encoded, blobs)).toThrow(ValueLimitError);
  };

  test("depth", () => {
    expect(cross(nested(64))).toEqual(nested(64));
    refused(nested(65));
  });

  test("items, wherever they are", () => {
    expect(cross(Array<number>(999).fill(0.5))).toHaveLength(999);
    for (const value of [
      Array<number>(1000).fill(0.5),
      Array<string>(1000).fill(""),
      Array.from({ length: 60 }, () => Array<number>(20).fill(1)),
      Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [i, null])),
      new Set(Array(1001).keys()),
    ])
      refused(value);
  });

  test("elements of typed arrays, four as one", () => {
    expect(cross(new Uint8Array(3990))).toHaveLength(3990);
    refused(new Uint8Array(4001));
    refused([new Float64Array(2001), new Float64Array(2001)]);
  });

  test("bytes that are used twice", () => {
    const bytes = { $: "typed", type: "Uint8Array", blob: 0 };
    expect(() => codec.decode([bytes, bytes], [new Uint8Array(4)])).toThrow("a typed array is malformed");
  });

  test("a sparse array by its length, at once", () => {
    expect(() => cross(new Array(2 ** 31))).toThrow(ValueLimitError);
  });

  test("digits of a bigint", () => {
    expect(() => cross(10n ** 10_000n)).toThrow(ValueLimitError);
    expect(() => codec.decode({ $: "bigint", value: "1".repeat(20_000) }, [])).toThrow(CodecError);
  });
});

test("holes are undefined, among numbers too", () => {
  const holey = [1, , 3, 4, 5, 6, 7, 8, 9];
  expect(cross(holey)).toEqual([1, undefined, 3, 4, 5, 6, 7, 8, 9]);
});

test("a gradient goes with its tensor", () => {
  const x = tensor([1, 2], { requiresGrad: true });
  x.mul(3).sum().backward();
  expect((cross(x) as Tensor).grad?.toArray()).toEqual([3, 3]);
});

test.for([
  { $: "typed", type: "Float64Array", blob: 0 },
  { $: "typed", type: "constructor", blob: 0 },
  { $: "typed", type: "Uint8Array", blob: 7 },
  { $: "typed", type: "Uint8Array", blob: "0" },
  { $: "numbers", blob: 0 },
  { $: "number", value: "1" },
  { $: "number", value: ["NaN"] },
  { $: "bigint", value: "0x10" },
  { $: "bigint", value: 1 },
  { $: "error", name: {}, message: "" },
  { $: "object", entries: [[{}, 1]] },
  { $: "tensor", dtype: "float32", shape: [9], data: { $: "typed", type: "Uint8Array", blob: 0 } },
  { $: "tensor", dtype: "uint8", shape: [3], requiresGrad: false, grad: null, data: 3 },
  {
    $: "tensor",
    dtype: "bool",
    shape: [-1, -3],
    requiresGrad: false,
    grad: null,
    data: { $: "typed", type: "Uint8Array", blob: 0 },
  },
  {
    $: "tensor",
    dtype: "bool",
    shape: [2],
    requiresGrad: false,
    grad: null,
    data: { $: "typed", type: "Uint8Array", blob: 0 },
  },
  { $: "tensor", dtype: "toString", shape: [3], data: { $: "typed", type: "Uint8Array", blob: 0 } },
  { $: "map", entries: [[1]] },
  { $: "object", entries: 3 },
  { $: "no such tag" },
  {},
])("malformed data is refused: %j", (encoded) => {
  expect(() => codec.decode(encoded as Encoded, [new Uint8Array(3)])).toThrow(CodecError);
});
