import { createHmac } from "node:crypto";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { isKnown } from "../../src/kernel/message-shapes.js";
import { Wire } from "../../src/kernel/wire.js";
import { startFront, type FrameTransport } from "./frame-transport.js";

const key = "the key";
const delimiter = Buffer.from("<IDS|MSG>");
const types = [
  ...["kernel_info", "connect", "execute", "inspect", "complete", "is_complete", "history", "comm_info"],
  ...["interrupt", "shutdown", "debug"],
].map((name) => `${name}_request`);
const notices = ["comm_open", "comm_msg", "comm_close"];
const fieldNames = [
  ...["code", "silent", "store_history", "stop_on_error", "user_expressions", "allow_stdin", "cursor_pos"],
  ...[
    "detail_level",
    "output",
    "raw",
    "hist_access_type",
    "session",
    "start",
    "stop",
    "n",
    "pattern",
    "unique",
  ],
  ...["target_name", "restart", "seq", "command", "comm_id", "data", "value", "__proto__"],
];

const value = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom("tail", "range", "search", "tensor.", "*".repeat(40), "\ud800", "", "a?"),
  fc.constantFrom(true, false, null, -1, 1e9, 0.5, 2 ** 53),
);
const object = fc.dictionary(fc.oneof(fc.constantFrom(...fieldNames), fc.string()), value, { maxKeys: 8 });
/** An array so deep that writing it as JSON overflows the stack. */
const abyss = "[".repeat(20_000) + "]".repeat(20_000);

const channel = fc.constantFrom("shell", "control", "stdin" as const);
const frame = fc.oneof(
  fc.uint8Array({ maxLength: 80 }),
  fc.constant(delimiter),
  fc.json().map((text) => Buffer.from(text)),
);

/** The front is alive: it answers. */
async function answers(transport: FrameTransport, wire: Wire): Promise<void> {
  const info = wire.message("kernel_info_request", {}, { identities: [Buffer.from("me")] });
  const from = transport.sent.length;
  transport.deliver("control", wire.encode(info));
  await transport.find(({ message }) => message.header.msg_type === "kernel_info_reply", from);
}

test("whatever frames come, the kernel logs and drops them, and goes on", async () => {
  const { transport } = startFront(key);
  const wire = new Wire(key);
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
  await answers(transport, wire);
  const before = transport.sent.length;
  await fc.assert(
    fc.asyncProperty(channel, fc.array(frame, { maxLength: 9 }), async (where, frames) => {
      transport.deliver(where, frames);
      await answers(transport, wire);
    }),
    { numRuns: 500 },
  );
  // Nothing but the answers to the questions in between.
  const types = transport.sent.slice(before).map(({ message }) => message.header.msg_type);
  expect(new Set(types)).toEqual(new Set(["status", "kernel_info_reply"]));
});

test(
  "well-signed messages with any content are answered or refused, between busy and idle",
  { timeout: 120_000 },
  async () => {
    const { transport, front } = startFront(key);
    let stopped = false;
    void front.stopped.then(() => (stopped = true));
    const wire = new Wire(key);
    const stderr = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...types, ...notices, "no_such_request"),
        object,
        object,
        async (type, content, metadata) => {
          // One that is valid would end the kernel, as it should.
          if (type === "shutdown_request") content.restart = "perhaps";
          const message = wire.message(type, content, { metadata, identities: [Buffer.from("me")] });
          const { msg_id } = message.header;
          const from = transport.sent.length;
          transport.deliver("shell", wire.encode(message));
          await transport.find(
            ({ message: { parent, content } }) =>
              parent.msg_id === msg_id && content.execution_state === "idle",
            from,
          );
          const about = transport.sent.slice(from).filter(({ message }) => message.parent.msg_id === msg_id);
          expect(about[0].message.content).toEqual({ execution_state: "busy" });
          const replies = about.filter(({ channel }) => channel === "shell").map(({ message }) => message);
          expect(replies.map(({ header }) => header.msg_type)).toEqual(
            isKnown(type) && !notices.includes(type) ? [type.replace("_request", "_reply")] : [],
          );
        },
      ),
      { numRuns: 700 },
    );
    expect(stopped).toBe(false);
    const log = stderr.mock.calls.map(([text]) => String(text)).join("");
    expect(log).not.toMatch(/_request failed/);
  },
);

test("so are those on stdin, which nobody asked for", async () => {
  const { transport } = startFront(key);
  const wire = new Wire(key);
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom("input_reply", ...types), object, async (type, content) => {
      transport.deliver("stdin", wire.encode(wire.message(type, content)));
      await answers(transport, wire);
    }),
    { numRuns: 100 },
  );
});

test("a header that cannot be written again ends nothing", async () => {
  const { transport } = startFront(key);
  const wire = new Wire(key);
  const stderr = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const { header, parent, metadata, content } = wire.message("execute_request", { code: "1" });
  const deep = `${JSON.stringify(header).slice(0, -1)},"deep":${abyss}}`;
  const parts = [deep, ...[parent, metadata, content].map((part) => JSON.stringify(part))];
  const signature = parts.reduce((hmac, part) => hmac.update(part), createHmac("sha256", key)).digest("hex");
  transport.deliver("shell", [delimiter, ...[signature, ...parts].map((part) => Buffer.from(part))]);
  await answers(transport, wire);
  expect(stderr.mock.calls.map(String).join("")).toMatch(/message dropped: RangeError/);
});
