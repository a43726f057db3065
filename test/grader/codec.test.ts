import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Codec, CodecError, maxDepth, type Encoded } from "../../src/grader/codec.js";
import { tensorData, tensorFromData } from "../../src/grader/tensor-data.js";
import { tensor } from "../../src/tensor/create.js";
import { Tensor } from "../../src/tensor/tensor.js";

const codec = new Codec(
  {
    toReference: (value) => ({ $: "reference", type: value.constructor.name }),
    fromReference: ({ $ }) => ($ === "reference" ? { isReference: true } : undefined),
  },
  { toData: (value) => tensorData(Tensor, value), fromData: (data) => tensorFromData(Tensor, data) },
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

test("cycles, depth and symbols are refused by name", () => {
  const cycle: unknown[] = [];
  cycle.push(cycle);
  expect(() => cross(cycle)).toThrow("a value that contains itself");
  let deep: unknown = 0;
  for (let i = 0; i <= maxDepth; i++) deep = [deep];
  expect(() => cross(deep)).toThrow(`nested deeper than ${maxDepth}`);
  expect(() => cross(Symbol("s"))).toThrow("a symbol (Symbol(s))");
});

test.for([
  { $: "typed", type: "Float64Array", blob: 0 },
  { $: "typed", type: "constructor", blob: 0 },
  { $: "typed", type: "Uint8Array", blob: 7 },
  { $: "tensor", dtype: "float32", shape: [9], data: { $: "typed", type: "Uint8Array", blob: 0 } },
  { $: "tensor", dtype: "toString", shape: [3], data: { $: "typed", type: "Uint8Array", blob: 0 } },
  { $: "map", entries: [[1]] },
  { $: "object", entries: 3 },
  { $: "no such tag" },
  {},
])("malformed data is refused: %j", (encoded) => {
  expect(() => codec.decode(encoded as Encoded, [new Uint8Array(3)])).toThrow(CodecError);
});
