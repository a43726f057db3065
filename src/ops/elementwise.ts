import { floating, type DType, type DTypeRule } from "../tensor/dtype.js";
import type { BackwardNode, BackwardRule, Gradient } from "../tensor/history.js";
import { broadcastShapes, broadcastStrides, type Shape } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import {
  defineDiscreteOp,
  defineOp,
  type DiscreteOp,
  type EngineRules,
  type Op,
  type TensorLike,
} from "./define-op.js";
import type { BinaryRules } from "./engine/binary.js";
import { quickBinary, quickUnary } from "./engine/quick.js";
import type { UnaryRules } from "./engine/unary.js";
import { map } from "./kernels/map.js";
import { gather, type Numbers } from "./kernels/strided.js";

type Each<Args extends readonly unknown[], T> = { [K in keyof Args]: T };

interface Formula<Args extends readonly unknown[]> {
  readonly name: string;
  /** The output element from the input elements. */
  readonly value: (...values: Each<Args, number>) => number;
}

interface ElementwiseRules<Args extends readonly unknown[]> extends Formula<Args> {
  /** Output dtype; `floating` by default. */
  readonly dtype?: DTypeRule;
  readonly backward: (g: Tensor, node: BackwardNode<Each<Args, Tensor>, undefined>) => Each<Args, Gradient>;
  /** How the engine computes it, for float32. */
  readonly engine?: UnaryRules | BinaryRules;
}

/** Makes an operation that computes each element from those of its one to three broadcast inputs. */
export function defineElementwise<Args extends readonly unknown[]>(rules: ElementwiseRules<Args>): Op<Args> {
  const general = defineOp<Args, readonly Tensor[]>({
    ...broadcasting(rules),
    dtype: rules.dtype ?? floating,
    backward: rules.backward,
    ...(rules.engine && { engine: rules.engine }),
  });
  return rules.engine ? quick(general, rules.engine, rules.backward as BackwardRule) : general;
}

/** The operation with a short way for one tensor, or two of equal shapes. */
function quick<O>(general: O, rules: UnaryRules | BinaryRules, backward: BackwardRule): O {
  const short =
    rules.operands === 2
      ? quickBinary(general as Parameters<typeof quickBinary>[0], rules, backward)
      : quickUnary(general as Parameters<typeof quickUnary>[0], rules, backward);
  return short as O;
}

interface NumbersRules<P extends number[]> {
  readonly name: string;
  /** The numbers that the formula needs besides x, as they are if the caller does not give them. */
  readonly defaults: P;
  /** Output dtype; `floating` by default. */
  readonly dtype?: (dtypes: readonly DType[], params: P) => DType;
  /** The output element from the input element. */
  readonly value: (x: number, ...params: P) => number;
  readonly backward: (g: Tensor, node: BackwardNode<readonly [Tensor], P>) => readonly [Gradient];
  /** How the engine computes it, for float32. */
  readonly engine?: EngineRules;
}

/** Makes an operation that computes each element from that of its only input, and from plain numbers. */
export function defineUnary<P extends number[]>(
  rules: NumbersRules<P>,
): Op<[x: TensorLike, ...params: Partial<P>]> {
  return defineOp<[x: TensorLike, ...params: Partial<P>], readonly [Tensor], P>({
    name: rules.name,
    call: (x, ...given) => ({
      inputs: [x],
      params: rules.defaults.map((value, i) => given[i] ?? value) as unknown as P,
    }),
    dtype: rules.dtype ?? floating,
    shape: (x: Tensor) => x.shape,
    forward: (out: Tensor, x: Tensor, params: P) =>
      map(out.elements, [x.elements], (element) => rules.value(element, ...params)),
    backward: rules.backward,
    ...(rules.engine && { engine: rules.engine }),
  });
}

/** Makes an operation whose elements are 1 where something holds of the inputs' elements, and 0 elsewhere. */
export function defineComparison<Args extends readonly unknown[]>(formula: Formula<Args>): DiscreteOp<Args> {
  return defineDiscreteOp<Args, readonly Tensor[]>({ ...broadcasting(formula), dtype: () => "bool" });
}

function broadcasting<Args extends readonly unknown[]>({ name, value }: Formula<Args>) {
  return {
    name,
    variadic: true as const,
    call: (...args: Args) => ({ inputs: args as unknown as readonly Tensor[], params: undefined }),
    shape: (inputs: readonly Tensor[]): Shape => broadcastShapes(name, ...inputs.map((input) => input.shape)),
    forward(out: Tensor, inputs: readonly Tensor[]): void {
      const arrays = inputs.map((input) => stretched(input, out));
      map(out.elements, arrays, value as unknown as (...values: number[]) => number);
    },
  };
}

/** The elements of `x` repeated to the shape of `out`; its own storage if nothing needs repeating. */
function stretched(x: Tensor, out: Tensor): Numbers {
  if (x.size === out.size) return x.elements;
  const elements = new Float64Array(out.size);
  if (x.size === 1) elements.fill(x.elements[0]);
  else gather(elements, x.elements, out.shape, broadcastStrides(x.shape, out.shape));
  return elements;
}
