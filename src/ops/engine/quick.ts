import type { Binary, Unary } from "../../engine/kernels/elementwise.js";
import { isGradEnabled } from "../../tensor/grad-mode.js";
import { RecordedHistory, type BackwardRule } from "../../tensor/history.js";
import { sameShape, type Shape } from "../../tensor/shape.js";
import { emptyStorage } from "../../tensor/storage.js";
import { Tensor } from "../../tensor/tensor.js";
import { named } from "../named.js";
import { kernels, manyElements, runElements } from "./address.js";
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
    const n = out.size;
    if (n < manyElements) kernel(x.storage.pointer, out.storage.pointer, 0, n);
    else runElements(rules.kernel, [x.storage.pointer, out.storage.pointer], n);
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

  /** For operands of which one has the shape of the result, and the other the same or a single number. */
  const apply = (a: Tensor, b: Tensor, shape: Shape, aAxes: number, bAxes: number): Tensor => {
    kernel ??= kernels()[rules.kernel];
    const history =
      isGradEnabled() && (a.requiresGrad || b.requiresGrad)
        ? new RecordedHistory(name, [a, b], undefined, backward, rules.backward)
        : null;
    const n = aAxes === allAxes ? a.size : b.size;
    const out = new Tensor(emptyStorage("float32", n), shape, "float32", history);
    const pa = a.storage.pointer;
    const pb = b.storage.pointer;
    const to = out.storage.pointer;
    if (n < manyElements) kernel(pa, pb, to, 1, n, aAxes, bAxes, 0, n);
    else runElements(rules.kernel, [pa, pb, to, 1, n, aAxes, bAxes], n);
    return out;
  };

  return named(name, true, (a: unknown, b: unknown) => {
    if (isQuick(a)) {
      if (isQuick(b) && sameShape(a.shape, b.shape)) return apply(a, b, a.shape, allAxes, allAxes);
      if (typeof b === "number" && rules.takesNumbers) return apply(a, single(b), a.shape, allAxes, 0);
    } else if (isQuick(b) && typeof a === "number" && rules.takesNumbers) {
      return apply(single(a), b, b.shape, 0, allAxes);
    }
    return general(a, b);
  });
}

function isQuick(x: unknown): x is Tensor {
  return x instanceof Tensor && x.dtype === "float32" && x.storage.pointer !== 0;
}

/** A plain number as a tensor. */
function single(value: number): Tensor {
  const storage = emptyStorage("float32", 1);
  storage.elements[0] = value;
  return new Tensor(storage, noAxes, "float32");
}

const noAxes: Shape = [];
