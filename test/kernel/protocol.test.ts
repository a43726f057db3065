import { describe, expect } from "vitest";
import * as zmq from "zeromq";
import { endpoint } from "../../src/kernel/connection-file.js";
import { KernelTimeout, type Publication } from "../../src/kernel/client.js";
import { Wire } from "../../src/kernel/wire.js";
import { version } from "../../src/package.js";
import { startKernel, test, textOf } from "./start-kernel.js";

const types = (publications: Publication[]) =>
  publications.map(({ type, content }) => (type === "status" ? content.execution_state : type));

describe("requests and replies", () => {
  test("kernel_info says what it is", async ({ kernel }) => {
    for (const channel of ["shell", "control"] as const) {
      const { header, content } = await kernel.request("kernel_info_request", {}, { channel });
      expect(header.msg_type).toBe("kernel_info_reply");
      expect(content).toMatchObject({
        status: "ok",
        protocol_version: "5.4",
        implementation: "gradlab",
        implementation_version: version,
        language_info: {
          name: "typescript",
          version: "5.0.4",
          file_extension: ".ts",
          mimetype: "text/typescript",
        },
      });
    }
  });

  test("every request is busy, answered, idle, each on its own parent", async ({ kernel }) => {
    const requests = [
      ["kernel_info_request", {}, "kernel_info_reply"],
      ["is_complete_request", { code: "1" }, "is_complete_reply"],
      ["complete_request", { code: "Mat", cursor_pos: 3 }, "complete_reply"],
      ["inspect_request", { code: "Math", cursor_pos: 2 }, "inspect_reply"],
      ["history_request", { hist_access_type: "tail", n: 1 }, "history_reply"],
      ["comm_info_request", {}, "comm_info_reply"],
      ["debug_request", { seq: 3, command: "debugInfo" }, "debug_reply"],
    ] as const;
    const answers = requests.map(async ([type, content]) => {
      const published: Publication[] = [];
      const onPublication = (publication: Publication) => published.push(publication);
      const { header } = await kernel.request(type, content, { onPublication });
      return [header.msg_type, ...types(published)];
    });
    expect(await Promise.all(answers)).toEqual(requests.map(([, , reply]) => [reply, "busy", "idle"]));
  });

  test("the order of a cell's messages", async ({ kernel }) => {
    const published: Publication[] = [];
    const code = "console.log('out'); console.error('err'); 6 * 7";
    const { reply } = await kernel.execute(code, {
      onPublication: (publication) => published.push(publication),
    });
    expect(types(published)).toEqual(["busy", "execute_input", "stream", "stream", "execute_result", "idle"]);
    const [, input, out, err, result] = published.map(({ content }) => content);
    expect(input).toMatchObject({ code });
    expect([out, err]).toEqual([
      { name: "stdout", text: "out\n" },
      { name: "stderr", text: "err\n" },
    ]);
    expect(result.data).toEqual({ "text/plain": "42" });
    expect(reply).toMatchObject({ status: "ok", user_expressions: {}, payload: [] });
    expect([input.execution_count, result.execution_count]).toEqual([
      (reply as { execution_count: number }).execution_count,
      (reply as { execution_count: number }).execution_count,
    ]);
  });

  test("debug is refused politely", async ({ kernel }) => {
    const { content } = await kernel.request(
      "debug_request",
      { seq: 3, command: "debugInfo" },
      { channel: "control" },
    );
    expect(content).toMatchObject({ type: "response", success: false, request_seq: 3, command: "debugInfo" });
  });

  test("no comms", async ({ kernel }) => {
    expect((await kernel.request("comm_info_request", {})).content).toEqual({ status: "ok", comms: {} });
  });

  test.for([
    ["1 + 1", { status: "complete" }],
    ["for (const x of [1]) {", { status: "incomplete", indent: "  " }],
    ["f(", { status: "incomplete", indent: "  " }],
    ["const text = `one", { status: "incomplete", indent: "" }],
    ["/* half a comment", { status: "incomplete", indent: "" }],
    ["const = 1;", { status: "invalid" }],
    ["type T<A> = { [K in keyof A]: A[K] };", { status: "complete" }],
  ] as const)("is_complete: %s", async ([code, expected], { kernel }) => {
    expect((await kernel.request("is_complete_request", { code })).content).toEqual(expected);
  });

  test("completion knows earlier cells, and counts in code points", async ({ kernel }) => {
    await kernel.execute("const { maximumSpeed, minimumSpeed } = { maximumSpeed: 1, minimumSpeed: 2 };");
    const code = "'𝛻'; maxim + 1";
    const { content } = await kernel.request("complete_request", { code, cursor_pos: 10 });
    expect(content).toMatchObject({
      status: "ok",
      cursor_start: 5,
      cursor_end: 10,
      matches: ["maximumSpeed"],
    });
  });

  test("inspection shows signature and documentation", async ({ kernel }) => {
    await kernel.execute(
      "/** Twice x.\n * @param x what to double */ function twice(x: number) { return 2 * x; }",
    );
    const { content } = await kernel.request("inspect_request", { code: "twice(1)", cursor_pos: 2 });
    expect(content).toMatchObject({ status: "ok", found: true });
    expect((content.data as Record<string, string>)["text/plain"]).toMatch(
      /function twice\(x: number\): number/,
    );
    const nothing = await kernel.request("inspect_request", { code: "   ", cursor_pos: 1 });
    expect(nothing.content).toMatchObject({ status: "ok", found: false });
  });

  test("a cell on the control channel is ignored: it would run in the middle of another", async ({
    kernel,
  }) => {
    const request = kernel.execute("globalThis.onControl = true", { channel: "control", timeout: 200 });
    await expect(request).rejects.toThrow(KernelTimeout);
    expect(textOf(await kernel.execute("'onControl' in globalThis"))).toBe("false");
  });

  test("a malformed request gets an error, not silence", async ({ kernel }) => {
    const { content } = await kernel.request("complete_request", {} as never, { timeout: 5000 });
    expect(content.status).toBe("error");
    expect(textOf(await kernel.execute("1"))).toBe("1");
  });
});

describe("counting and history", () => {
  test("silent cells show nothing, count for nothing and are not remembered", async ({ kernel }) => {
    const before = (await kernel.execute("0")).reply as { execution_count: number };
    const published: Publication[] = [];
    const onPublication = (publication: Publication) => published.push(publication);
    const silent = await kernel.execute("console.log('quiet'); throw new Error('x')", {
      silent: true,
      onPublication,
    });
    expect(types(published)).toEqual(["busy", "idle"]);
    expect(silent.reply).toMatchObject({
      status: "error",
      ename: "Error",
      execution_count: before.execution_count,
    });
    const after = (await kernel.execute("1")).reply as { execution_count: number };
    expect(after.execution_count).toBe(before.execution_count + 1);
    const { content } = await kernel.request("history_request", {
      hist_access_type: "tail",
      n: 2,
      output: true,
    });
    expect(content.history).toEqual([
      [0, before.execution_count, ["0", "0"]],
      [0, after.execution_count, ["1", "1"]],
    ]);
  });

  test("store_history: false runs and shows, but is not counted", async ({ kernel }) => {
    const before = (await kernel.execute("0")).reply as { execution_count: number };
    const result = await kernel.execute("40 + 2", { store_history: false });
    expect(textOf(result)).toBe("42");
    expect(result.reply).toMatchObject({ status: "ok", execution_count: before.execution_count });
  });
});

describe("after an error", () => {
  const ten = Array.from({ length: 10 }, (_, i) => i);

  test("with stop_on_error: false, ten cells sent at once all run", async ({ kernel }) => {
    const options = { stop_on_error: false };
    const failing = kernel.execute("throw new RangeError('first')", options);
    const following = ten.map((i) => kernel.execute(`console.log('ran', ${i}); ${i} * 2`, options));
    expect((await failing).reply).toMatchObject({ status: "error", ename: "RangeError", evalue: "first" });
    const results = await Promise.all(following);
    expect(results.map(({ reply }) => reply.status)).toEqual(ten.map(() => "ok"));
    expect(results.map(textOf)).toEqual(ten.map((i) => `ran ${i}\n${i * 2}`));
  });

  test.for([
    ["stop_on_error: true", { stop_on_error: true }],
    ["the protocol's default", {}],
  ] as const)(
    "with %s, the cells that wait are aborted by that name; later ones and other requests run",
    async ([, options], { kernel }) => {
      const late = "await new Promise((r) => setTimeout(r, 300)); throw new RangeError('first')";
      const failing = kernel.execute(late, options);
      const waiting = ten.map((i) => kernel.execute(`globalThis.mustNotRun = ${i}`));
      const info = kernel.request("kernel_info_request", {});
      expect((await failing).reply.status).toBe("error");
      const results = await Promise.all(waiting);
      expect(results.map(({ reply }) => reply)).toEqual(ten.map(() => ({ status: "aborted" })));
      expect(results.flatMap(({ outputs }) => outputs)).toEqual([]);
      expect((await info).content.status).toBe("ok");
      expect(textOf(await kernel.execute("'mustNotRun' in globalThis"))).toBe("false");
    },
  );

  test("a silent cell that fails aborts nothing", async ({ kernel }) => {
    const failing = kernel.execute("throw new RangeError('first')", { silent: true, stop_on_error: true });
    const next = kernel.execute("'ran'");
    expect((await failing).reply.status).toBe("error");
    expect(textOf(await next)).toBe("'ran'");
  });
});

describe("delivery", () => {
  test("300 quick cells, one after another, lose nothing", async ({ kernel }) => {
    for (let i = 0; i < 300; i++) {
      const { reply, outputs } = await kernel.execute(`console.log(${i}); ${i}`, { timeout: 10_000 });
      expect(reply.status).toBe("ok");
      expect(outputs.map(({ type }) => type)).toEqual(["stream", "execute_result"]);
      expect(textOf({ reply, outputs })).toBe(`${i}\n${i}`);
    }
  });

  test("300 quick cells at once lose nothing and keep their order", async ({ kernel }) => {
    const order: number[] = [];
    const cells = Array.from({ length: 300 }, async (_, i) => {
      const result = await kernel.execute(`console.log(${i}); ${i}`, { timeout: 30_000 });
      order.push(i);
      return textOf(result);
    });
    expect(await Promise.all(cells)).toEqual(cells.map((_, i) => `${i}\n${i}`));
    expect(order).toEqual([...order].sort((a, b) => a - b));
  });

  test("much output arrives whole, up to the last line", async ({ kernel }) => {
    const code = "for (let i = 0; i < 100_000; i++) console.log('line', i); console.log('the end');";
    const text = textOf(await kernel.execute(code));
    expect(text.split("\n")).toHaveLength(100_002);
    expect(text.endsWith("line 99999\nthe end\n")).toBe(true);
  });
});

describe("strangers", () => {
  test("malformed and unsigned messages are logged and dropped; the kernel goes on", async () => {
    const kernel = await startKernel();
    const stranger = new zmq.Dealer({ linger: 0 });
    stranger.connect(endpoint(kernel.info, "shell"));
    const wire = new Wire("the wrong key");
    await stranger.send("nonsense");
    await stranger.send(["<IDS|MSG>", "", "{}"]);
    await stranger.send(wire.encode(wire.message("execute_request", { code: "globalThis.hacked = true" })));
    const good = new Wire(kernel.info.key);
    await stranger.send(good.encode(good.message("make_coffee_request", {})));
    const request = good.encode(
      good.message("execute_request", { code: "globalThis.times = (globalThis.times ?? 0) + 1" }),
    );
    await stranger.send(request);
    await stranger.send(request);
    await stranger.receive(); // the one reply
    expect(textOf(await kernel.execute("[globalThis.hacked, globalThis.times]"))).toBe("[ undefined, 1 ]");
    stranger.close();
    for (const line of [
      "no <IDS|MSG>",
      "0 of 4|1 of 4",
      "wrong signature",
      'unknown type "make_coffee_request"',
      "repeated signature",
    ])
      expect(kernel.log).toMatch(new RegExp(line));
  });

  test("the heartbeat and the control channel answer while a cell spins", async () => {
    const kernel = await startKernel();
    const heart = new zmq.Request({ linger: 0 });
    heart.connect(endpoint(kernel.info, "hb"));
    let spinning: Promise<unknown> | undefined;
    await new Promise<void>((resolve) => {
      spinning = kernel.execute("console.log('spinning'); while (true) {}", {
        onPublication: ({ type }) => type === "stream" && resolve(),
      });
    });
    await heart.send("ping");
    expect(String(await heart.receive())).toBe("ping");
    await kernel.request("kernel_info_request", {}, { channel: "control" });
    heart.close();
    await kernel.interrupt();
    expect(await spinning).toMatchObject({ reply: { ename: "KeyboardInterrupt" } });
  });
});
