import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  decodeFrame,
  encodeFrame,
  FrameError,
  frameSplitter,
  maxFrameBytes,
  maxHeaderBytes,
  type Frame,
} from "../../src/grader/frames.js";

const frames = fc.record({
  header: fc.dictionary(
    fc.string().filter((key) => key !== "blobs" && key !== "__proto__"),
    fc.oneof(fc.string(), fc.integer()),
  ),
  blobs: fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 4 }),
});

test("frames come out of any cutting of their bytes as they went in", () => {
  fc.assert(
    fc.property(fc.array(frames, { maxLength: 5 }), fc.integer({ min: 1, max: 50 }), (sent, step) => {
      const bytes = Buffer.concat(sent.flatMap((frame) => encodeFrame(frame)));
      const received: Frame[] = [];
      const splitter = frameSplitter((frame) => received.push(frame));
      for (let at = 0; at < bytes.length; at += step) splitter.push(bytes.subarray(at, at + step));
      expect(
        received.map(({ header, blobs }) => ({
          header: { ...header },
          blobs: blobs.map((blob) => [...blob]),
        })),
      ).toEqual(
        sent.map(({ header, blobs }) => ({ header: { ...header }, blobs: blobs.map((blob) => [...blob]) })),
      );
    }),
  );
});

describe("whatever is irregular is a FrameError", () => {
  test("random bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          decodeFrame(Buffer.from(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(FrameError);
        }
      }),
    );
  });

  const body = (json: string, rest = "") => {
    const text = Buffer.from(json);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(text.length);
    return Buffer.concat([length, text, Buffer.from(rest)]);
  };
  test.for([
    ["no JSON", body("{"), "header is not JSON"],
    ["an array", body("[]"), "header is not an object"],
    ["no blobs", body("{}"), "header lists no blobs"],
    ["a negative length", body('{"blobs":[-1]}'), "a blob does not fit its frame"],
    ["a length that is too long", body('{"blobs":[9]}', "x"), "a blob does not fit its frame"],
    ["bytes left over", body('{"blobs":[]}', "x"), "bytes left over after the last blob"],
    ["a header longer than the frame", Buffer.from([9, 0, 0, 0, 1]), "header longer than its frame"],
  ] as const)("%s", ([, bytes, message]) => {
    expect(() => decodeFrame(bytes)).toThrow(new FrameError(message));
  });

  test("a frame or a header that is too long is not made", () => {
    expect(() => encodeFrame({ header: {}, blobs: [new Uint8Array(100)] }, 100)).toThrow(
      "over the limit of 100",
    );
    expect(() => encodeFrame({ header: { text: "x".repeat(maxHeaderBytes) }, blobs: [] })).toThrow(
      FrameError,
    );
  });

  test("a length over the limit is refused before anything is stored", () => {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(maxFrameBytes + 1);
    expect(() => frameSplitter(() => {}).push(length)).toThrow("over the limit");
  });
});
