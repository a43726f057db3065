import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Generator, nn, tensor, zeros, type DType } from "../../src/index.js";

// Weights written here, read by Python with numpy alone (Debian's python3-numpy), written again, and read here.
const script = fileURLToPath(new URL("../../scripts/fixtures/safetensors_numpy.py", import.meta.url));
const numpyNames: Record<DType, string> = {
  float32: "float32",
  float64: "float64",
  int32: "int32",
  bool: "bool",
};

interface NumpyArray {
  dtype: string;
  shape: number[];
  values: unknown;
}

const state = {
  ...network().stateDict(),
  "double.precision": tensor([[0.1, -1e300, 2 ** -1074]], { dtype: "float64" }),
  labels: tensor([2147483647, -2147483648, 0], { dtype: "int32" }),
  mask: tensor([[true], [false]]),
  "no elements": zeros([0, 4]),
  "näher als α": tensor(0.1),
};
let folder: string;
let seen: Record<string, NumpyArray>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "gradlab-"));
  await nn.saveSafetensors(join(folder, "weights.safetensors"), state, { format: "pt" });
  const files = ["weights.safetensors", "copy.safetensors"].map((name) => join(folder, name));
  const printed = execFileSync("/usr/bin/python3", [script, ...files], { encoding: "utf8" });
  seen = JSON.parse(printed) as Record<string, NumpyArray>;
});

afterAll(() => rmSync(folder, { recursive: true }));

test("Python sees the names that PyTorch gives to a network's parameters and buffers", () => {
  expect(Object.keys(seen).sort()).toEqual(Object.keys(state).sort());
  expect(seen).toMatchObject({
    "0.weight": { dtype: "float32", shape: [4, 3, 3, 3] },
    "1.running_var": { dtype: "float32", shape: [4], values: [1, 1, 1, 1] },
    "1.num_batches_tracked": { shape: [], values: 0 },
    "3.bias": { dtype: "float32", shape: [2] },
  });
});

test.for(Object.entries(state))("Python reads %s bit for bit", ([name, own]) => {
  const { dtype, shape, values } = seen[name];
  expect({ dtype, shape, values }).toEqual({
    dtype: numpyNames[own.dtype],
    shape: own.shape,
    values: own.toArray(),
  });
});

test("and what Python writes of it is the same here", async () => {
  const back = await nn.loadSafetensors(join(folder, "copy.safetensors"));
  const plain = (tensors: nn.StateDict) =>
    Object.fromEntries(
      Object.entries(tensors).map(([name, { dtype, shape, data }]) => [name, { dtype, shape, data }]),
    );
  expect(plain(back)).toEqual(plain(state));
});

function network(): nn.Module {
  const generator = new Generator(4);
  return new nn.Sequential(
    new nn.Conv2d(3, 4, 3, { generator }),
    new nn.BatchNorm2d(4),
    new nn.Flatten(),
    new nn.Linear(16, 2, { generator }),
  );
}
