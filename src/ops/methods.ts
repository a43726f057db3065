import { Tensor } from "../tensor/tensor.js";
import { backward, type BackwardOptions } from "./autograd.js";
import * as ops from "./index.js";

// Operations that do not begin with a tensor, and so are no methods.
type FunctionOnly = "concat" | "einsum" | "stack";

type Chainable = Pick<typeof ops, Exclude<keyof typeof ops, FunctionOnly>>;
/** Every operation as a method: `x.add(y)` is `add(x, y)`. Each keeps its docstring, as this goes over the keys of one type. */
type OpMethods = { [K in keyof Chainable]: MethodOf<Chainable[K]> };
type MethodOf<F> = F extends (x: never, ...rest: infer Rest) => infer Result
  ? (...rest: Rest) => Result
  : never;

declare module "../tensor/tensor.js" {
  interface Tensor extends OpMethods {
    /** Adds the gradient of this tensor to `grad` of every leaf it was computed from; see `backward`. */
    backward(options?: BackwardOptions): void;
  }
}

const functionOnly: readonly string[] = ["concat", "einsum", "stack"] satisfies FunctionOnly[];

for (const [name, op] of Object.entries(ops) as [string, (...args: unknown[]) => Tensor][]) {
  if (!functionOnly.includes(name)) method(name, (self, ...args) => op(self, ...args));
}
method("backward", (self, options) => backward(self, options as BackwardOptions | undefined));

function method(name: string, body: (self: Tensor, ...args: unknown[]) => unknown): void {
  const value = function (this: Tensor, ...args: unknown[]) {
    return body(this, ...args);
  };
  Object.defineProperty(Tensor.prototype, name, { value, writable: true, configurable: true });
}
