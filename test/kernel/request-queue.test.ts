import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { RequestQueue } from "../../src/kernel/request-queue.js";
import type { VerifiedMessage } from "../../src/kernel/wire.js";

const request = (msg_type: string) => ({ header: { msg_type } }) as VerifiedMessage;

function signal(): [promise: Promise<void>, resolve: () => void] {
  let resolve!: () => void;
  const promise = new Promise<void>((r) => (resolve = r));
  return [promise, resolve];
}

test("an error aborts the cells that wait and those still on their way, not what comes later nor other requests", async () => {
  const handled: [type: string, aborted: boolean][] = [];
  const [failure, failed] = signal();
  const [end, ended] = signal();
  const queue: RequestQueue = new RequestQueue(async ({ header }, aborted) => {
    handled.push([header.msg_type, aborted]);
    if (handled.length > 1) return;
    await queue.abortExecutes();
    failed();
  }, ended);
  queue.push(request("execute_request"));
  queue.push(request("execute_request"));
  for (let i = 0; i < 3; i++) {
    await sleep(5);
    queue.push(request("execute_request"));
  }
  queue.push(request("complete_request"));
  await failure;
  queue.push(request("execute_request"));
  await end;
  expect(handled).toEqual([
    ["execute_request", false],
    ["execute_request", true],
    ["execute_request", true],
    ["execute_request", true],
    ["execute_request", true],
    ["complete_request", false],
    ["execute_request", false],
  ]);
});
