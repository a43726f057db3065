import { displaySymbol, inspectSymbol, type MimeBundle } from "../display/mime.js";
import { GradientError } from "../tensor/errors.js";
import type { Shape } from "../tensor/shape.js";
import { Tensor } from "../tensor/tensor.js";
import { Buffer, Parameter } from "./parameter.js";
import {
  copyState,
  restoreState,
  type LoadedState,
  type LoadStateOptions,
  type StateDict,
} from "./state-dict.js";

/** A module of any inputs and outputs. */
export type AnyModule = Module<readonly unknown[], unknown>;

/** Sees what goes through a module. A result takes the place of the output; undefined leaves it. */
export type ForwardHook<Args extends readonly unknown[] = [x: Tensor], Output = Tensor> = {
  // the type of a method, not of a function: those must not differ in parameters, or no module would be AnyModule
  /** Gets the module, what it was given and what it made of it. */
  call(module: AnyModule, inputs: Args, output: Output): Output | void;
}["call"];

/**
 * A part of a network: a function with parameters. A subclass keeps its parameters, buffers and sub-modules in fields and
 * says in `forward` what it computes.
 *
 * Fields are all there is: {@link parameters} and the like walk over those that hold a {@link Parameter}, a
 * {@link Buffer} or a module, also in arrays and plain objects. Private `#fields` are not seen.
 * Names are paths of fields, written as PyTorch writes them: `runningMean` of `bn1` is `bn1.running_mean`.
 *
 * `training` tells layers such as dropout and batch normalisation what to do; see {@link train} and {@link eval}.
 *
 * @example
 * class Neuron extends nn.Module {
 *   weight = new nn.Parameter(tensor([1, -2]));
 *   bias = new nn.Parameter(tensor(0.5));
 *   forward(x: Tensor): Tensor {
 *     return x.matmul(this.weight).add(this.bias);
 *   }
 * }
 * new Neuron().forward(tensor([3, 1])).item() // 1.5
 */
export abstract class Module<Args extends readonly unknown[] = [x: Tensor], Output = Tensor> {
  /** Whether the module is being trained (true at first) or used. */
  training = true;
  readonly #hooks = new Set<ForwardHook<Args, Output>>();
  #restoreForward: (() => void) | null = null;

  /** What the module computes. */
  abstract forward(...args: Args): Output;

  /**
   * All parameters, those of sub-modules too, each once.
   *
   * @throws GradientError if a field holds a leaf that requires a gradient and is no {@link Parameter}.
   * @example new nn.Linear(2, 3).parameters().map(({ shape }) => shape) // [[3, 2], [3]]
   */
  parameters(): Parameter[] {
    return [...new Set(this.#state().flatMap(([, value]) => (value instanceof Parameter ? [value] : [])))];
  }

  /**
   * All parameters with their names; one that stands in several places has several.
   *
   * @throws GradientError if a field holds a leaf that requires a gradient and is no {@link Parameter}.
   * @example new nn.Sequential(new nn.Linear(2, 3)).namedParameters().map(([name]) => name) // ["0.weight", "0.bias"]
   */
  namedParameters(): [name: string, parameter: Parameter][] {
    return this.#state().flatMap(([name, value]) => (value instanceof Parameter ? [[name, value]] : []));
  }

  /** All buffers, those of sub-modules too, each once. */
  buffers(): Buffer[] {
    return [...new Set(this.#state().flatMap(([, value]) => (value instanceof Buffer ? [value] : [])))];
  }

  /** All buffers with their names. */
  namedBuffers(): [name: string, buffer: Buffer][] {
    return this.#state().flatMap(([name, value]) => (value instanceof Buffer ? [[name, value]] : []));
  }

  /** The modules that fields of this one hold. */
  children(): AnyModule[] {
    return [...new Set(this.namedChildren().map(([, module]) => module))];
  }

  /** The modules that fields of this one hold, with their names. */
  namedChildren(): [name: string, module: AnyModule][] {
    return [...membersOf(this.fields())].flatMap(([name, value]) =>
      value instanceof Module ? [[name, value]] : [],
    );
  }

  /** This module and all within it, each once. */
  modules(): AnyModule[] {
    return [...new Set(this.namedModules().map(([, module]) => module))];
  }

  /** This module, whose name is "", and all within it, with their names. */
  namedModules(): [name: string, module: AnyModule][] {
    return this.#within("", []);
  }

  /** Switches this module and all within it to training, or to use. Returns the module. */
  train(training = true): this {
    for (const module of this.modules()) module.training = training;
    return this;
  }

  /** Switches this module and all within it to use: nothing is dropped, running statistics stay. Returns the module. */
  eval(): this {
    return this.train(false);
  }

  /** Calls `fn` on all modules within this one, and last on itself; for instance to initialise them. Returns the module. */
  apply(fn: (module: AnyModule) => void): this {
    for (const module of this.modules().reverse()) fn(module);
    return this;
  }

  /** Excludes all parameters from learning: they get no gradients. Returns the module. */
  freeze(): this {
    for (const parameter of this.parameters()) parameter.requiresGrad = false;
    return this;
  }

  /** Lets all parameters learn. Returns the module. */
  unfreeze(): this {
    for (const parameter of this.parameters()) parameter.requiresGrad = true;
    return this;
  }

  /** Forgets all gradients. */
  zeroGrad(): void {
    for (const parameter of this.parameters()) parameter.grad = null;
  }

  /**
   * Copies of all parameters and buffers by name.
   *
   * @example Object.keys(new nn.Linear(2, 3).stateDict()) // ["weight", "bias"]
   */
  stateDict(): StateDict {
    return copyState(new Map(this.#state()));
  }

  /**
   * Sets all parameters and buffers to copies of those in `state`, converted to the module's dtype.
   *
   * @throws Error if a name is missing or unexpected, unless `strict` is false.
   * @throws ShapeError if a shape differs. The module is then as it was.
   * @example
   * const trained = new nn.Linear(2, 3);
   * const copy = new nn.Linear(2, 3);
   * copy.loadStateDict(trained.stateDict()) // { missing: [], unexpected: [] }
   */
  loadStateDict(state: StateDict, options: LoadStateOptions = {}): LoadedState {
    return restoreState(new Map(this.#state()), state, options);
  }

  /**
   * Calls `hook` after every `forward` of this module; what it returns, if anything, becomes the output. Returns a
   * function that removes the hook. While there are hooks, a field `forward` stands in front of the method.
   *
   * To watch gradients, let the hook register another on the output: `output.registerHook((gradient) => …)`.
   *
   * @example
   * const layer = new nn.Linear(2, 3);
   * const shapes: unknown[] = [];
   * const remove = layer.registerForwardHook((_module, _inputs, output) => void shapes.push(output.shape));
   * layer.forward(zeros([4, 2]));
   * remove();
   * layer.forward(zeros([5, 2]));
   * shapes // [[4, 3]]
   * @example
   * const layer = new nn.Linear(2, 3);
   * const gradients: unknown[] = [];
   * layer.registerForwardHook((_module, _inputs, output) => {
   *   output.registerHook((gradient) => void gradients.push(gradient.toArray()));
   * });
   * layer.forward(zeros([1, 2])).sum().backward();
   * gradients // [[[1, 1, 1]]]
   */
  registerForwardHook(hook: ForwardHook<Args, Output>): () => void {
    // a function of its own: the same hook may be registered twice
    const call: ForwardHook<Args, Output> = (...watched) => hook(...watched);
    this.#hooks.add(call);
    this.#restoreForward ??= this.#watchForward();
    return () => {
      this.#hooks.delete(call);
      if (this.#hooks.size > 0) return;
      this.#restoreForward?.();
      this.#restoreForward = null;
    };
  }

  /**
   * Multiply–adds that this module itself does, without those of the modules within it, from the shapes of its first
   * input and its output. Elementwise work is not counted.
   */
  multiplyAdds(_input: Shape, _output: Shape): number {
    return 0;
  }

  /** The module as a tree, a line for each module within it. */
  toString(): string {
    const lines = this.namedChildren().map(([name, module]) => `(${name}): ${module.toString()}`);
    const heading = `${this.constructor.name}(${this.describe()}`;
    if (lines.length === 0) return `${heading})`;
    return `${heading}\n${lines.join("\n").replace(/^/gm, "  ")}\n)`;
  }

  /** The tree of {@link toString}, for notebooks. */
  [displaySymbol](): MimeBundle {
    return { "text/plain": this.toString() };
  }

  /** What `console.log` prints: the tree of {@link toString}. */
  [inspectSymbol](): string {
    return this.toString();
  }

  /** What stands in parentheses behind the name of the class. */
  protected describe(): string {
    return "";
  }

  /** The fields that are walked, with their names. */
  protected fields(): Iterable<readonly [name: string, value: unknown]> {
    return Object.entries(this);
  }

  /** This module and those within it; `outer` are the modules on the way here, which a field may point back to. */
  #within(path: string, outer: readonly AnyModule[]): [name: string, module: AnyModule][] {
    const self = this as unknown as AnyModule;
    const way = [...outer, self];
    const inner = this.namedChildren().filter(([, module]) => !way.includes(module));
    return [[path, self], ...inner.flatMap(([name, module]) => module.#within(join(path, name), way))];
  }

  /** The parameters and buffers of this module and of those within it. */
  #state(): [name: string, value: Parameter | Buffer][] {
    return this.namedModules().flatMap(([path, module]) =>
      [...membersOf(module.fields())].flatMap(([name, value]): [string, Parameter | Buffer][] => {
        if (value instanceof Parameter || value instanceof Buffer) return [[join(path, name), value]];
        if (value instanceof Tensor && value.requiresGrad && value.history === null) {
          throw new GradientError(
            `${module.constructor.name}: field ${name} holds a tensor that requires a gradient and is no parameter. ` +
              `If the module is to learn it, write new nn.Parameter(…); if not, keep it in a private #field.`,
          );
        }
        return [];
      }),
    );
  }

  /** Puts a field in front of the method `forward` that calls the hooks, too. Returns a function that takes it away. */
  #watchForward(): () => void {
    const own = Object.getOwnPropertyDescriptor(this, "forward");
    const self = this as unknown as AnyModule;
    const forward: (...args: Args) => Output = this.forward.bind(this);
    const watched = (...args: Args): Output => {
      let output = forward(...args);
      for (const hook of this.#hooks) output = hook(self, args, output) ?? output;
      return output;
    };
    Object.defineProperty(this, "forward", { value: watched, configurable: true, writable: true });
    return () => {
      if (own) Object.defineProperty(this, "forward", own);
      else delete (this as { forward?: unknown }).forward;
    };
  }
}

/** The tensors and modules among the fields, and in arrays and plain objects that they hold, under PyTorch's names. */
function* membersOf(
  fields: Iterable<readonly [name: string, value: unknown]>,
): Generator<[name: string, member: Tensor | AnyModule]> {
  for (const [field, value] of fields) {
    const name = field.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase();
    if (value instanceof Tensor || value instanceof Module) yield [name, value as Tensor | AnyModule];
    else if (isCollection(value)) {
      for (const [inner, member] of membersOf(Object.entries(value))) yield [join(name, inner), member];
    }
  }
}

function isCollection(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  return Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
}

function join(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}
