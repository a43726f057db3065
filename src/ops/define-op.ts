import { giveBack } from "../engine/borrow.js";
import { engine } from "../engine/engine.js";
import { filled } from "../tensor/create.js";
import { dtypeOfNumber, isFloat, promote, type DType } from "../tensor/dtype.js";
import { DTypeError } from "../tensor/errors.js";
import { isGradEnabled } from "../tensor/grad-mode.js";
import {
  RecordedHistory,
  type BackwardNode,
  type BackwardRule,
  type FusedRule,
  type Gradient,
} from "../tensor/history.js";
import { sizeOf, type Shape } from "../tensor/shape.js";
import { emptyStorage, zeroStorage } from "../tensor/storage.js";
import { Tensor } from "../tensor/tensor.js";
import { named } from "./named.js";

/** What elementwise operations accept: a plain number takes the dtype of the tensors it meets. */
export type TensorLike = Tensor | number | boolean;

/** A differentiable operation, called with `Args`. Most give one tensor, some a list of them. */
export interface Op<Args extends readonly unknown[], Result = Tensor> {
  (...args: Args): Result;
  readonly name: string;
  readonly differentiable: true;
}

/** An operation without derivative, such as a comparison. */
export interface DiscreteOp<Args extends readonly unknown[]> {
  (...args: Args): Tensor;
  readonly name: string;
  readonly differentiable: false;
}

/**
 * One operation. `I` is the tuple of its input tensors, or `Tensor[]` if there may be any number of them;
 * `P` is what else it needs to know, such as the axes of a sum.
 * `shape` and `forward` receive the inputs one by one (as one array if there may be any number), then `P`.
 */
export interface OpRules<I extends readonly Tensor[], P> {
  readonly name: string;
  /** True exactly if there may be any number of inputs. */
  readonly variadic?: number extends I["length"] ? true : undefined;
  /** Output dtype; by default the promotion of the inputs'. */
  readonly dtype?: (dtypes: readonly DType[], params: P) => DType;
  /** Output shape, or an error that says why the inputs do not fit. */
  shape(...args: RuleArguments<I, P>): Shape;
  /** Fills `out.data`. Without it the output shares the storage of the first input. */
  forward?(out: Tensor, ...args: RuleArguments<I, P>): void;
}

/** The same by the engine, for float32. What is missing, or null, is left to the rules for all dtypes. */
export interface EngineRules {
  /** Fills `out`, whose elements may hold anything before. False if it cannot for these inputs. */
  forward?(out: Tensor, inputs: readonly Tensor[], params: never): boolean;
  /**
   * The gradients, of their inputs' shapes, where nobody will differentiate them again. Each is one that `temporary`
   * made, or `g` itself, or null if it is not wanted.
   */
  backward?: FusedRule;
}

/**
 * From the gradient `g` with respect to the output, those with respect to the inputs, by differentiable operations.
 * They may still have the output's dtype and a broadcast shape: they are cast and summed to the input's.
 */
export interface Differentiable<I extends readonly Tensor[], P> {
  /** The gradient of each input, in their order. */
  backward(g: Tensor, node: BackwardNode<I, P>): readonly [...{ [K in keyof I]: Gradient }];
}

/** Translates call arguments into inputs and parameters. */
export interface Signature<Args extends readonly unknown[], I extends readonly Tensor[], P> {
  /** The tensors that gradients flow to, and everything else. */
  call(...args: Args): { inputs: { readonly [K in keyof I]: I[K] | TensorLike }; params: P };
}

type RuleArguments<I extends readonly Tensor[], P> = number extends I["length"]
  ? [inputs: I, params: P]
  : [...inputs: I, params: P];
type InputsOf<Args extends readonly unknown[]> = { [K in keyof Args]: Tensor };

type Rules<Args extends readonly unknown[], I extends readonly Tensor[], P> = OpRules<I, P> &
  Partial<Signature<Args, I, P>> & {
    /** @internal */
    readonly engine?: EngineRules;
  };

/**
 * Makes a differentiable operation from its rules. Where call arguments are not just the inputs, `call` sorts them
 * out first.
 *
 * @example
 * const square: Op<[x: Tensor]> = defineOp({
 *   name: "square",
 *   shape: (x) => x.shape,
 *   forward: (out, x) => out.data.set(x.data.map((value) => value ** 2)),
 *   backward: (g, { inputs: [x] }) => [mul(g, mul(x, 2))],
 * });
 * const x = tensor(3, { requiresGrad: true });
 * grad(square(x), x).item() // 6
 */
export function defineOp<
  Args extends readonly unknown[],
  I extends readonly Tensor[] = InputsOf<Args>,
  P = undefined,
>(rules: Rules<Args, I, P> & Differentiable<I, P>): Op<Args> {
  const backward = rules.backward.bind(rules) as BackwardRule;
  return operation<Op<Args>>(rules, backward);
}

/**
 * Makes an operation that no gradient flows through.
 *
 * @example
 * const isEven = defineDiscreteOp<[x: Tensor]>({
 *   name: "isEven",
 *   dtype: () => "bool",
 *   shape: (x) => x.shape,
 *   forward: (out, x) => out.data.set(x.data.map((value) => (value % 2 === 0 ? 1 : 0))),
 * });
 * isEven(tensor([1, 2])).toArray() // [false, true]
 */
export function defineDiscreteOp<
  Args extends readonly unknown[],
  I extends readonly Tensor[] = InputsOf<Args>,
  P = undefined,
>(rules: Rules<Args, I, P>): DiscreteOp<Args> {
  return operation<DiscreteOp<Args>>(rules, null);
}

/**
 * Names an operation that is composed of others. Its gradients are those of its parts, which are also what a drawn
 * graph shows.
 *
 * @example
 * const hypotenuse: Op<[a: Tensor, b: Tensor]> = defineComposite("hypotenuse", (a, b) => a.mul(a).add(b.mul(b)).sqrt());
 * hypotenuse(tensor(3), tensor(4)).item() // 5
 */
export function defineComposite<Args extends readonly unknown[], Result = Tensor>(
  name: string,
  compose: (...args: Args) => Result,
): Op<Args, Result> {
  return named(name, true, compose) as Op<Args, Result>;
}

/** The rules as `operation` calls them: one signature for all operations. */
interface AnyRules {
  readonly name: string;
  readonly variadic?: true;
  call?(...args: readonly unknown[]): { inputs: readonly unknown[]; params: unknown };
  dtype?(dtypes: readonly DType[], params: unknown): DType;
  shape(...args: readonly unknown[]): Shape;
  forward?(out: Tensor, ...args: readonly unknown[]): void;
  engine?: {
    forward?(out: Tensor, inputs: readonly Tensor[], params: unknown): boolean;
    backward?: FusedRule;
  };
}

function operation<O>(typed: object, backward: BackwardRule | null): O {
  const rules = typed as AnyRules;
  const apply = (...args: readonly unknown[]): Tensor => {
    const call = rules.call ? rules.call(...args) : { inputs: args, params: undefined };
    const inputs = toTensors(rules.name, call.inputs);
    const ruleArguments = rules.variadic ? [inputs, call.params] : [...inputs, call.params];
    const shape = rules.shape(...ruleArguments);
    const dtype = (rules.dtype ?? promote)(dtypesOf(inputs), call.params);
    const fast = dtype === "float32" && rules.engine && inputs.every(isFast) ? rules.engine : null;
    const history =
      backward && isFloat(dtype) && isGradEnabled() && inputs.some((input) => input.requiresGrad)
        ? new RecordedHistory(rules.name, inputs, call.params, backward, fast?.backward)
        : null;
    if (!rules.forward) return new Tensor(inputs[0].storage, shape, dtype, history);
    const size = sizeOf(shape);
    if (fast?.forward) {
      const out = new Tensor(emptyStorage(dtype, size), shape, dtype, history);
      const done = fast.forward(out, inputs, call.params);
      giveBack();
      if (done) return out;
    }
    const out = new Tensor(zeroStorage(dtype, size), shape, dtype, history);
    rules.forward(out, ...ruleArguments);
    return out;
  };
  return named(rules.name, backward !== null, apply) as O;
}

/** Whether the engine's kernels can take a tensor. */
function isFast(x: Tensor): boolean {
  return x.dtype === "float32" && engine() !== null;
}

function dtypesOf(inputs: readonly Tensor[]): DType[] {
  return inputs.map((input) => input.dtype);
}

/** Tensors as they are; plain numbers as tensors without axes, of the dtype that {@link DType} describes. */
function toTensors(op: string, given: readonly unknown[]): readonly Tensor[] {
  const inputs: Tensor[] = [];
  for (let i = 0; i < given.length; i++) {
    const input = given[i];
    inputs.push(input instanceof Tensor ? input : numberToTensor(op, i, given));
  }
  return inputs;
}

function numberToTensor(op: string, i: number, given: readonly unknown[]): Tensor {
  const input = given[i];
  if (typeof input === "number" || typeof input === "boolean") {
    const dtype = dtypeOfNumber(input, dtypesOf(given.filter((other) => other instanceof Tensor)));
    return new Tensor(filled([Number(input)], dtype), [], dtype);
  }
  const hint = Array.isArray(input) || ArrayBuffer.isView(input) ? " tensor([…]) makes one of an array." : "";
  throw new DTypeError(`${op}: input ${i} is of type ${typeof input}. Expected a tensor or a number.${hint}`);
}
