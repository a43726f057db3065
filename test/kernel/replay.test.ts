import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test, vi } from "vitest";
import type { IncomingChannel } from "../../src/kernel/transport.js";
import { startFront, startLastingFront, type FrameTransport, type Sent } from "./frame-transport.js";

/** What Jupyter's own client sends, byte by byte (scripts/fixtures/record_jupyter_frames.py). */
const recording = JSON.parse(
  readFileSync(new URL("../fixtures/jupyter-frames.json", import.meta.url), "utf8"),
) as { key: string; messages: { channel: IncomingChannel; type: string; id: string; frames: string[] }[] };

const framesOf = ({ frames }: { frames: string[] }) => frames.map((frame) => Buffer.from(frame, "base64"));

/** All that the kernel sent on behalf of a request, up to its being idle again. */
async function answersTo(transport: FrameTransport, id: string): Promise<Sent[]> {
  const own = ({ message }: Sent) => (message.parent as { msg_id?: string }).msg_id === id;
  await transport.find(
    (sent) =>
      own(sent) &&
      sent.message.header.msg_type === "status" &&
      sent.message.content.execution_state === "idle",
  );
  return transport.sent.filter(own);
}

describe("the conversation of a recorded client", () => {
  const answers: Sent[][] = [];
  let exitCode: number | undefined;

  beforeAll(async () => {
    const { transport, front, end } = startLastingFront(recording.key);
    for (const message of recording.messages) {
      transport.deliver(message.channel, framesOf(message));
      answers.push(await answersTo(transport, message.id));
    }
    exitCode = await front.stopped;
    end();
  }, 60_000);

  const contents = (i: number, type: string) =>
    answers[i]
      .filter(({ message }) => message.header.msg_type === type)
      .map(({ message }) => message.content);

  test("each request is busy, answered on its own channel and idle", () => {
    for (const [i, { channel, type }] of recording.messages.entries()) {
      const types = answers[i].map(({ message }) => message.header.msg_type);
      expect(types[0]).toBe("status");
      const reply = answers[i].filter(
        ({ message }) => message.header.msg_type === type.replace("request", "reply"),
      );
      expect(reply.some((sent) => sent.channel === channel)).toBe(true);
      expect(contents(i, "status").map(({ execution_state: state }) => state)).toEqual(["busy", "idle"]);
    }
  });

  test("identities go back to the client that sent them", () => {
    for (const [i, { channel }] of recording.messages.entries()) {
      const reply = answers[i].find((sent) => sent.channel === channel)!;
      expect(reply.message.identities.map(String)).toEqual(["a client"]);
    }
  });

  test("a cell: its input, its result, and what else was asked", () => {
    expect(contents(2, "execute_input")).toMatchObject([{ code: "const x = 6; x * 7", execution_count: 1 }]);
    expect(contents(2, "execute_result")).toMatchObject([
      { data: { "text/plain": "42" }, execution_count: 1 },
    ]);
    expect(contents(2, "execute_reply")).toMatchObject([
      {
        status: "ok",
        execution_count: 1,
        user_expressions: {
          next: { status: "ok", data: { "text/plain": "7" } },
          no: { status: "error", ename: expect.any(String) },
        },
      },
    ]);
  });

  test("streams in order, silence, and errors", () => {
    expect(contents(3, "stream")).toEqual([
      { name: "stdout", text: "out\n" },
      { name: "stderr", text: "err\n" },
    ]);
    expect(contents(4, "execute_result")).toEqual([]);
    expect(contents(4, "execute_input")).toEqual([]);
    expect(contents(5, "error")).toMatchObject([{ ename: "RangeError", evalue: "too much" }]);
    expect(contents(5, "execute_reply")).toMatchObject([
      { status: "error", ename: "RangeError", execution_count: 3 },
    ]);
  });

  test("questions about code and history", () => {
    expect(contents(6, "is_complete_reply")).toMatchObject([{ status: "incomplete" }]);
    expect(contents(7, "complete_reply")).toMatchObject([
      { status: "ok", matches: ["toFixed"], cursor_start: 2, cursor_end: 7 },
    ]);
    expect(contents(8, "inspect_reply")).toMatchObject([{ status: "ok", found: true }]);
    expect(contents(9, "history_reply")).toMatchObject([
      {
        history: [
          [0, 2, ["console.log('out'); console.error('err')", null]],
          [0, 3, ["throw new RangeError('too much')", null]],
        ],
      },
    ]);
    expect(contents(10, "comm_info_reply")).toEqual([{ status: "ok", comms: {} }]);
    expect(contents(11, "debug_reply")).toMatchObject([{ success: false, request_seq: 3 }]);
  });

  test("the shutdown is answered, and ends the kernel", () => {
    expect(contents(13, "shutdown_reply")).toContainEqual({ status: "ok", restart: true });
    expect(exitCode).toBe(0);
  });
});

test("a recorded message counts once, and not at all with one bit changed", async () => {
  const { transport } = startFront(recording.key);
  const stderr = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const [first, second] = recording.messages;
  const frames = framesOf(first);
  for (let i = 2; i < frames.length; i++) {
    const changed = frames.map((frame) => Buffer.from(frame));
    changed[i][0] ^= 1;
    transport.deliver(first.channel, changed);
  }
  transport.deliver(first.channel, frames);
  transport.deliver(first.channel, frames);
  transport.deliver(second.channel, framesOf(second));
  for (const { id } of [first, second]) await answersTo(transport, id);
  const replies = transport.sent.filter(({ message }) => message.header.msg_type === "kernel_info_reply");
  expect(replies.map(({ message }) => (message.parent as { msg_id: string }).msg_id).sort()).toEqual(
    [first.id, second.id].sort(),
  );
  expect(stderr.mock.calls.filter(([text]) => String(text).includes("message dropped"))).toHaveLength(
    frames.length - 2 + 1,
  );
});
