import type { Binary, Unary } from "../../engine/kernels/elementwise.js";
import { isGradEnabled } from "../../tensor/grad-mode.js";
import { RecordedHistory, type BackwardRule } from "../../tensor/history.js";
import { sameShape } from "../../tensor/shape.js";
import { emptyStorage } from "../../tensor/storage.js";
import { Tensor } from "../../tensor/tensor.js";
import { named } from "../named.js";
import { kernels } from "./address.js";
import type { BinaryRules } from "./binary.js";
import { allAxes } from "./broadcast.js";
import type { UnaryRules } from "./unary.js";

// Short ways for what most programs do most often: operations on one or two float32 tensors of equal shapes in the engine's
// memory. For small tensors, finding out what to do takes longer than doing it. `general` does what is left.

export function quickUnary(
  general: (x: unknown) => Tensor,
  rules: UnaryRules,
  backward: BackwardRule,
): (x: unknown) => Tensor {
  const { name } = general;
  let kernel: Unary | null = null;
  return named(name, true, (x: unknown) => {
    if (!isQuick(x)) return general(x);
    kernel ??= kernels()[rules.kernel];
    const history =
      isGradEnabled() && x.requiresGrad
        ? new RecordedHistory(name, [x], undefined, backward, rules.backward)
        : null;
    const out = new Tensor(emptyStorage("float32", x.size), x.shape, "float32", history);
    kernel(x.storage.pointer, out.storage.pointer, 0, out.size);
    return out;
  });
}

export function quickBinary(
  general: (a: unknown, b: unknown) => Tensor,
  rules: BinaryRules,
  backward: BackwardRule,
): (a: unknown, b: unknown) => Tensor {
  const { name } = general;
  let kernel: Binary | null = null;
  return named(name, true, (a: unknown, b: unknown) => {
    if (!isQuick(a) || !isQuick(b) || !sameShape(a.shape, b.shape)) return general(a, b);
    kernel ??= kernels()[rules.kernel];
    const history =
      isGradEnabled() && (a.requiresGrad || b.requiresGrad)
        ? new RecordedHistory(name, [a, b], undefined, backward, rules.backward)
        : null;
    const out = new Tensor(emptyStorage("float32", a.size), a.shape, "float32", history);
    const n = out.size;
    kernel(a.storage.pointer, b.storage.pointer, out.storage.pointer, 1, n, allAxes, allAxes, 0, n);
    return out;
  });
}

function isQuick(x: unknown): x is Tensor {
  return x instanceof Tensor && x.dtype === "float32" && x.storage.pointer !== 0;
}
