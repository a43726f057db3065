import { isFloat } from "../tensor/dtype.js";
import { GradientError } from "../tensor/errors.js";
import { isGradEnabled, noGrad } from "../tensor/grad-mode.js";
import { RecordedHistory } from "../tensor/history.js";
import { Tensor } from "../tensor/tensor.js";

/** What the forward pass of a {@link Function} leaves for its backward pass. */
export class Context {
  /** For each argument of `forward`, whether its gradient will be needed. */
  readonly needsInputGrad: readonly boolean[];
  /** Whatever backward needs besides tensors. */
  readonly extra: Record<string, unknown> = {};
  #saved: readonly Tensor[] = [];

  constructor(needsInputGrad: readonly boolean[]) {
    this.needsInputGrad = needsInputGrad;
  }

  /** Keeps tensors, inputs or results, for the backward pass. */
  saveForBackward(...tensors: Tensor[]): void {
    this.#saved = tensors;
  }

  /** The tensors that {@link saveForBackward} kept, in its order. */
  get savedTensors(): readonly Tensor[] {
    return this.#saved;
  }
}

/** One gradient per argument of `forward`, in order; null for those that are no tensors or need none. */
export type FunctionGradients = Tensor | null | readonly (Tensor | null)[];

/** What a class must define to be a {@link Function} of the given arguments. */
export interface FunctionRules<Args extends readonly unknown[]> {
  /** Name of the class: that of the operation in drawings and messages. */
  readonly name: string;
  /** Computes the output, and saves in `ctx` what `backward` will need. */
  forward(ctx: Context, ...args: Args): Tensor;
  /** From the gradient of the output, that of each argument of `forward`, in order. */
  backward(ctx: Context, gradient: Tensor): FunctionGradients;
}

/**
 * An operation of your own, with a gradient of your own: a class with two static methods and no state. `forward` computes
 * the result and saves in `ctx` what `backward` will need; nothing inside it is recorded. `backward` turns the gradient
 * of the result into the gradients of the arguments. Call it with `apply`.
 *
 * If `backward` itself uses recorded operations, on the tensors it saved, there are gradients of gradients too.
 *
 * @see Paszke et al. (2019), PyTorch: an imperative style, high-performance deep learning library, §4.
 * @example
 * class Square extends Function {
 *   static forward(ctx: Context, x: Tensor): Tensor {
 *     ctx.saveForBackward(x);
 *     return x.mul(x);
 *   }
 *   static backward(ctx: Context, g: Tensor): Tensor {
 *     const [x] = ctx.savedTensors;
 *     return g.mul(x).mul(2);
 *   }
 * }
 * const x = tensor(3, { requiresGrad: true });
 * const y = Square.apply(x);
 * grad(y, x).item() // 6
 */
export abstract class Function {
  /**
   * Runs `forward` and records it as one operation.
   *
   * @throws TypeError if `forward` does not return a tensor.
   * @throws GradientError in the backward pass, if `backward` does not return one gradient for each argument.
   */
  static apply<Args extends readonly unknown[]>(this: FunctionRules<Args>, ...args: Args): Tensor {
    const needs = args.map((arg) => arg instanceof Tensor && arg.requiresGrad);
    const ctx = new Context(needs);
    const result: unknown = noGrad(() => this.forward(ctx, ...args));
    if (!(result instanceof Tensor)) {
      throw new TypeError(`${this.name}: forward returned ${describe(result)}. Expected a tensor.`);
    }
    const recorded = isGradEnabled() && isFloat(result.dtype) && needs.includes(true);
    if (!recorded) return result.detach();
    const places = [...args.keys()].filter((i) => args[i] instanceof Tensor);
    const tensors = places.map((i) => args[i] as Tensor);
    const history = new RecordedHistory(this.name, tensors, ctx, (gradient, { inputs }) => {
      const gradients = gradientsOf(this, ctx, gradient, args.length);
      return inputs.map((_, i) => gradients[places[i]]);
    });
    const output = new Tensor(result.storage, result.shape, result.dtype, history);
    // a result that was saved is saved with its history, so that it can be differentiated again
    ctx.saveForBackward(...ctx.savedTensors.map((saved) => (saved === result ? output : saved)));
    return output;
  }
}

function gradientsOf(
  rules: FunctionRules<never>,
  ctx: Context,
  gradient: Tensor,
  count: number,
): readonly (Tensor | null)[] {
  const returned = rules.backward(ctx, gradient);
  const gradients = Array.isArray(returned)
    ? (returned as readonly (Tensor | null)[])
    : [returned as Tensor | null];
  if (gradients.length !== count) {
    throw new GradientError(
      `${rules.name}: backward returned ${gradients.length} gradients, but forward has ${count} arguments besides ctx. ` +
        `Return one for each, in order, and null where there is none.`,
    );
  }
  gradients.forEach((each: unknown, i) => {
    if (each === null || each instanceof Tensor) return;
    throw new GradientError(
      `${rules.name}: backward returned ${describe(each)} for argument ${i}. Expected a tensor or null.`,
    );
  });
  return gradients;
}

function describe(value: unknown): string {
  return value === null || value === undefined ? String(value) : `a value of type ${typeof value}`;
}
