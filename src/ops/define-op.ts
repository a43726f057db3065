import { allocate, convert, dtypeOfNumber, isFloat, promote, type DType } from "../tensor/dtype.js";
import { DTypeError } from "../tensor/errors.js";
import { isGradEnabled } from "../tensor/grad-mode.js";
import { record, type BackwardNode, type BackwardRule, type Gradient } from "../tensor/history.js";
import { sizeOf, type Shape } from "../tensor/shape.js";
import { Tensor } from "../tensor/tensor.js";

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
  Partial<Signature<Args, I, P>>;

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
}

function operation<O>(typed: object, backward: BackwardRule | null): O {
  const rules = typed as AnyRules;
  const apply = (...args: readonly unknown[]): Tensor => {
    const { inputs: given, params } = rules.call ? rules.call(...args) : { inputs: args, params: undefined };
    const inputs = toTensors(rules.name, given);
    const ruleArguments = rules.variadic ? [inputs, params] : [...inputs, params];
    const shape = rules.shape(...ruleArguments);
    const dtype = (rules.dtype ?? promote)(
      inputs.map((input) => input.dtype),
      params,
    );
    const history =
      backward && isFloat(dtype) && isGradEnabled() && inputs.some((input) => input.requiresGrad)
        ? record(rules.name, inputs, params, backward)
        : null;
    const data = rules.forward ? allocate(dtype, sizeOf(shape)) : inputs[0].data;
    const out = new Tensor(data, shape, dtype, history);
    rules.forward?.(out, ...ruleArguments);
    return out;
  };
  return named(rules.name, backward !== null, apply) as O;
}

function named(name: string, differentiable: boolean, apply: object): object {
  return Object.defineProperties(apply, { name: { value: name }, differentiable: { value: differentiable } });
}

/** Tensors as they are; plain numbers as tensors without axes, of the dtype that {@link DType} describes. */
function toTensors(op: string, given: readonly unknown[]): readonly Tensor[] {
  const dtypes = given.flatMap((input) => (input instanceof Tensor ? [input.dtype] : []));
  return given.map((input, i) => {
    if (input instanceof Tensor) return input;
    if (typeof input === "number" || typeof input === "boolean") {
      const dtype = dtypeOfNumber(input, dtypes);
      return new Tensor(convert([Number(input)], dtype), [], dtype);
    }
    const hint =
      Array.isArray(input) || ArrayBuffer.isView(input) ? " tensor([…]) makes one of an array." : "";
    throw new DTypeError(
      `${op}: input ${i} is of type ${typeof input}. Expected a tensor or a number.${hint}`,
    );
  });
}
