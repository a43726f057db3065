// Operations on each element by itself, and their gradients in one pass.
import type {
  Unary,
  UnaryBackward,
  WithScalar,
  WithScalarBackward,
} from "../../engine/kernels/elementwise.js";
import type { FusedNode, FusedRule } from "../../tensor/history.js";
import type { Tensor } from "../../tensor/tensor.js";
import { temporary } from "../temporary.js";
import { addressOf, runElements, type NameOf } from "./address.js";
import { allAxes } from "./broadcast.js";

// `fill` looks like one: its values are of the same types
type UnaryName = Exclude<NameOf<Unary>, "fill">;

/** How the engine computes an operation on each element. */
export interface UnaryRules {
  readonly operands: 1;
  readonly kernel: UnaryName;
  forward(out: Tensor, inputs: readonly Tensor[]): boolean;
  readonly backward?: FusedRule;
}

/** What a slope is computed from: the operation's input or its output. */
type Saved = "input" | "output";

/**
 * An operation by the names of its kernels; `slope` computes the input's gradient from that of the output and from what
 * was `saved`. Without it the rule for all dtypes does.
 */
export function unary(
  kernel: UnaryName,
  saved: Saved = "input",
  slope?: NameOf<UnaryBackward> | "mul" | "div",
): UnaryRules {
  const forward = (out: Tensor, [x]: readonly Tensor[]): boolean => {
    runElements(kernel, [addressOf(x), addressOf(out)], out.size);
    return true;
  };
  if (slope === undefined) return { operands: 1, kernel, forward };
  return {
    operands: 1,
    kernel,
    forward,
    backward(g, node) {
      const from = savedBy(node, saved);
      const dx = temporary(g.shape, g.size);
      const [pg, ps, to] = [addressOf(g), addressOf(from), addressOf(dx)];
      if (slope === "mul" || slope === "div") {
        runElements(slope, [pg, ps, to, 1, g.size, allAxes, allAxes], g.size);
      } else {
        runElements(slope, [pg, ps, to], g.size);
      }
      return [dx];
    },
  };
}

/** −x, whose gradient is −G. */
export const negRules: UnaryRules = {
  ...unary("neg"),
  backward(g) {
    const dx = temporary(g.shape, g.size);
    runElements("neg", [addressOf(g), addressOf(dx)], g.size);
    return [dx];
  },
};

/** As {@link unary}, of an operation that takes one number besides; its slope is computed from its input. */
export function withNumber(kernel: NameOf<WithScalar>, slope: NameOf<WithScalarBackward>) {
  return {
    forward(out: Tensor, [x]: readonly Tensor[], [value]: readonly [number]): boolean {
      runElements(kernel, [addressOf(x), addressOf(out), value], out.size);
      return true;
    },
    backward(g: Tensor, node: FusedNode) {
      const [x] = node.inputs;
      const [value] = node.params as readonly [number];
      const dx = temporary(g.shape, g.size);
      runElements(slope, [addressOf(g), addressOf(x), addressOf(dx), value], g.size);
      return [dx];
    },
  };
}

/** x held between two numbers; the kernels differ in the slope at these. */
export function between(slope: "clampBackward" | "hardtanhBackward") {
  return {
    forward(out: Tensor, [x]: readonly Tensor[], [min, max]: readonly [number, number]): boolean {
      runElements("clamp", [addressOf(x), addressOf(out), min, max], out.size);
      return true;
    },
    backward(g: Tensor, node: FusedNode) {
      const [x] = node.inputs;
      const [min, max] = node.params as readonly [number, number];
      const dx = temporary(g.shape, g.size);
      runElements(slope, [addressOf(g), addressOf(x), addressOf(dx), min, max], g.size);
      return [dx];
    },
  };
}

function savedBy(node: FusedNode, saved: Saved): Tensor {
  return saved === "input" ? node.inputs[0] : node.output;
}
