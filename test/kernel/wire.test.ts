import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { Wire, WireError } from "../../src/kernel/wire.js";

const key = "a secret";
const delimiter = Buffer.from("<IDS|MSG>");
const header = { msg_id: "1", session: "s", username: "u", date: "d", msg_type: "t", version: "5.4" };

/** Frames signed as another implementation would sign them. */
function signed(parts: string[], secret = key): Buffer[] {
  const hmac = createHmac("sha256", secret);
  for (const part of parts) hmac.update(part);
  return [delimiter, Buffer.from(hmac.digest("hex")), ...parts.map((part) => Buffer.from(part))];
}

const goodParts = [JSON.stringify(header), "{}", "{}", '{"code":"1"}'];

describe("Wire", () => {
  test("what it encodes, another wire with the same key decodes", () => {
    const message = new Wire(key).message(
      "execute_request",
      { code: "é𝛻" },
      { identities: [Buffer.from("me")] },
    );
    const decoded = new Wire(key).decode(
      new Wire(key).encode({ ...message, buffers: [Buffer.from([0, 255])] }),
    );
    expect(decoded).toEqual({ ...message, buffers: [Buffer.from([0, 255])] });
  });

  test("reads frames signed by others", () => {
    const decoded = new Wire(key).decode([Buffer.from("id"), ...signed(goodParts)]);
    expect(decoded.header.msg_type).toBe("t");
    expect(decoded.content).toEqual({ code: "1" });
    expect(decoded.identities).toEqual([Buffer.from("id")]);
  });

  test("refuses a wrong signature, without saying which one was right", () => {
    const frames = signed(goodParts, "another key");
    const right = signed(goodParts)[1].toString();
    expect(() => new Wire(key).decode(frames)).toThrow(new WireError("wrong signature"));
    expect(() => new Wire(key).decode(frames)).not.toThrow(right);
  });

  test("checks the signature before it parses", () => {
    const frames = signed(["not JSON", "{}", "{}", "{}"], "another key");
    expect(() => new Wire(key).decode(frames)).toThrow("wrong signature");
    expect(() => new Wire(key).decode(signed(["not JSON", "{}", "{}", "{}"]))).toThrow("not JSON");
  });

  test("refuses a message that it has seen before", () => {
    const wire = new Wire(key);
    wire.decode(signed(goodParts));
    expect(() => wire.decode(signed(goodParts))).toThrow("repeated signature");
  });

  test("an empty key turns signing off, as the connection file may ask", () => {
    const wire = new Wire("");
    const frames = wire.encode(wire.message("t", {}));
    expect(frames[1]).toHaveLength(0);
    expect(new Wire("").decode(frames).header.msg_type).toBe("t");
  });

  test.for([
    ["nothing", []],
    ["no delimiter", [Buffer.from("a"), Buffer.from("b")]],
    ["no signature", [delimiter]],
    ["three parts", signed(goodParts).slice(0, 5)],
    ["an empty signature", [delimiter, Buffer.alloc(0), ...signed(goodParts).slice(2)]],
    ["half a signature", [delimiter, signed(goodParts)[1].subarray(0, 32), ...signed(goodParts).slice(2)]],
    ["a header that is a list", signed(["[]", "{}", "{}", "{}"])],
    ["content that is null", signed([goodParts[0], "{}", "{}", "null"])],
    ["a header without a type", signed(['{"msg_id":"1"}', "{}", "{}", "{}"])],
    ["a type that is a number", signed(['{"msg_id":"1","msg_type":2}', "{}", "{}", "{}"])],
  ] as const)("malformed: %s", ([, frames]) => {
    expect(() => new Wire(key).decode(frames)).toThrow(WireError);
  });
});
