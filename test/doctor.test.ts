import { expect, test } from "vitest";
import { examine } from "../src/doctor.js";

test("everything is looked at; a process for submissions starts", async () => {
  const findings = await examine();
  expect(findings.map(({ name }) => name)).toEqual([
    "Node",
    "engine",
    "course",
    "kernel",
    "Jupyter",
    "isolation of submissions",
    "browser",
  ]);
  expect(findings.filter(({ state }) => state === "broken")).toEqual([]);
});
