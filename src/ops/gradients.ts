// How gradients add up, in place where nobody can notice.
import { isGradEnabled } from "../tensor/grad-mode.js";
import type { Tensor } from "../tensor/tensor.js";
import { add } from "./arithmetic.js";
import { cast } from "./cast.js";
import { addInPlace } from "./engine/binary.js";
import { drop, hold, letGo, seen } from "./temporary.js";

/** Adds a gradient to what has come in for `tensor`. */
export function receive(tensor: Tensor, g: Tensor): void {
  const { incoming } = tensor;
  if (incoming && mayChange(incoming, g)) {
    addInPlace(incoming, g);
    drop(g);
    return;
  }
  const total = incoming ? sumOf(incoming, g) : g;
  hold(total);
  if (incoming) {
    letGo(incoming);
    drop(g);
  }
  tensor.incoming = total;
}

/** A gradient that is held once, for the outside. One rule may give the same storage to several inputs. */
export function handOut(g: Tensor): Tensor {
  if (!isGradEnabled() && g.storage.holders === 1) return seen(g);
  const copy = cast(g, g.dtype);
  letGo(g);
  return copy;
}

/** `tensor.grad += g`, where g is held once. */
export function addToGradient(tensor: Tensor, g: Tensor): void {
  const { gradient } = tensor;
  if (gradient && mayChange(gradient, g)) {
    addInPlace(gradient, g);
    letGo(g);
  } else if (!gradient && !isGradEnabled() && g.storage.holders === 1) {
    tensor.gradient = g;
  } else {
    tensor.gradient = gradient ? sumOf(gradient, g) : fresh(cast(g, g.dtype));
    hold(tensor.gradient);
    letGo(g);
  }
}

/** Whether `total`, which is held once, may become the sum of both. */
function mayChange(total: Tensor, g: Tensor): boolean {
  return !isGradEnabled() && total.storage.holders === 1 && total.storage !== g.storage;
}

function sumOf(a: Tensor, b: Tensor): Tensor {
  return fresh(add(a, b));
}

/** A result that nobody else knows, unless it is part of a graph. */
function fresh(result: Tensor): Tensor {
  if (!isGradEnabled()) result.storage.holders = 0;
  return result;
}
