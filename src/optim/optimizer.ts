import { noteChange } from "../tensor/changes.js";
import { GradientError, ShapeError } from "../tensor/errors.js";
import { sameShape, show } from "../tensor/shape.js";
import { Tensor } from "../tensor/tensor.js";
import { isInEngine, updateByKernel, type UpdateKernel } from "./engine.js";
import { ParameterState, type FloatArray, type SavedParameter } from "./parameter-state.js";

/** What every optimizer's parameter groups can set. */
export interface GroupOptions {
  /** Learning rate: the size of the steps. */
  lr: number;
  /** Strength of the pull towards 0. */
  weightDecay: number;
}

/** Parameters that share their options. Schedules change `lr` here; so may you, between steps. */
export type ParameterGroup<O = GroupOptions> = O & {
  readonly params: readonly Tensor[];
  /** The learning rate that schedules start from; set by the first schedule. */
  initialLr?: number;
};

/** Parameters and what they need other than the rest. */
export type GivenGroup<O = GroupOptions> = { params: Iterable<Tensor> } & Partial<O>;

/** Tensors, or groups of them with options of their own. */
export type OptimizedParameters<O = GroupOptions> = Iterable<Tensor> | Iterable<GivenGroup<O>>;

/**
 * What an optimizer remembers between steps, with parameters numbered in their order over all groups. Buffers are
 * typed arrays, so that not a bit is lost: `structuredClone` copies it, `v8.serialize` writes it to a file.
 */
export interface OptimizerState {
  /** Name of the optimizer's class. */
  optimizer: string;
  /** Options of each group, and the numbers of its parameters. */
  paramGroups: ({ params: number[] } & Record<string, unknown>)[];
  /** By number, for the parameters that were ever updated. */
  state: Record<number, SavedParameter>;
}

/**
 * What all optimizers share: parameter groups, clearing gradients, saving and restoring.
 * `step` changes the parameters' storage in place and records no graph.
 *
 * A subclass gives the formula: {@link update}.
 */
export abstract class Optimizer<O extends GroupOptions = GroupOptions> {
  /** The parameters with their options, which may be changed between steps. */
  readonly paramGroups: ParameterGroup<O>[];
  readonly #state = new Map<Tensor, ParameterState>();

  /**
   * @throws TypeError if `params` holds something else than tensors or groups.
   * @throws RangeError if there are no parameters, or an option is out of range.
   * @throws GradientError if a parameter does not require a gradient, is no leaf, or stands there twice.
   */
  constructor(params: OptimizedParameters<O>, options: O) {
    this.paramGroups = this.#groupsOf(params).map((group) => {
      const { params, ...own } = group;
      const merged = { ...options, ...own } as unknown as O;
      this.checkOptions(merged);
      return { ...merged, params: this.#tensorsOf(params) };
    });
    this.#checkParameters();
  }

  /** Changes one parameter, element by element in one pass. `state.step` counts its updates from 1. */
  protected abstract update(
    param: FloatArray,
    gradient: FloatArray,
    state: ParameterState,
    options: ParameterGroup<O>,
  ): void;

  /**
   * @internal The same by a kernel of the engine: its name, and what it is told after parameter and gradient. By default there
   * is none.
   */
  protected kernel(_state: ParameterState, _options: ParameterGroup<O>): UpdateKernel | null {
    return null;
  }

  /** Throws a RangeError if an option is out of range. */
  protected checkOptions({ lr, weightDecay }: O): void {
    this.requireFromZero({ lr, weightDecay });
  }

  /** Throws a RangeError unless each option is a finite number from 0. */
  protected requireFromZero(options: Record<string, number>): void {
    for (const [name, value] of Object.entries(options)) {
      if (!(value >= 0 && value < Infinity)) {
        throw new RangeError(`${this.constructor.name}: ${name} is ${value}. Expected a number from 0.`);
      }
    }
  }

  /** Throws a RangeError unless each option is a number from 0, below 1. */
  protected requireBelowOne(options: Record<string, number>): void {
    for (const [name, value] of Object.entries(options)) {
      if (!(value >= 0 && value < 1)) {
        throw new RangeError(
          `${this.constructor.name}: ${name} is ${value}. Expected a number from 0, below 1.`,
        );
      }
    }
  }

  /**
   * Updates every parameter that has a gradient.
   *
   * @throws GradientError if none has one.
   * @throws ShapeError if a gradient has not its parameter's shape.
   */
  step(): void {
    const withGradient = this.#parameters().filter(({ gradient }) => gradient !== null);
    if (withGradient.length === 0) {
      throw new GradientError(
        `${this.constructor.name}.step: no parameter has a gradient. Call backward() on the loss first.`,
      );
    }
    for (const param of withGradient) {
      if (!sameShape(param.shape, param.gradient!.shape)) {
        throw new ShapeError(
          `${this.constructor.name}.step: ${this.#describe(param)} has a gradient of shape ` +
            `${show(param.gradient!.shape)}. Expected the parameter's own shape.`,
        );
      }
    }
    for (const group of this.paramGroups) {
      for (const param of group.params) {
        if (param.gradient) this.#updateOne(param, param.gradient, group);
      }
    }
  }

  /** Forgets the gradients, so that the next `backward` starts from nothing. */
  zeroGrad(): void {
    for (const param of this.#parameters()) param.grad = null;
  }

  /** A copy of what a later run needs to go on bit for bit, apart from the parameters themselves. */
  stateDict(): OptimizerState {
    const params = this.#parameters();
    const saved = params.flatMap((param, i) => {
      const state = this.#state.get(param);
      return state ? [[i, state.save(param.shape)] as const] : [];
    });
    return {
      optimizer: this.constructor.name,
      paramGroups: this.paramGroups.map(({ params: own, ...options }) => ({
        ...structuredClone(options),
        params: own.map((param) => params.indexOf(param)),
      })),
      state: Object.fromEntries(saved),
    };
  }

  /**
   * Goes on where {@link stateDict} was taken: options (learning rates among them), buffers and step counts.
   *
   * @throws Error if the state is another optimizer's, or of other groups; nothing is then changed.
   * @throws ShapeError if a parameter's shape was another.
   */
  loadStateDict(saved: OptimizerState): void {
    const name = this.constructor.name;
    if (saved.optimizer !== name) {
      throw new Error(
        `${name}.loadStateDict: this is the state of ${saved.optimizer}. Restore it into the same.`,
      );
    }
    const counts = (groups: readonly { params: readonly unknown[] }[]) =>
      show(groups.map(({ params }) => params.length));
    if (counts(saved.paramGroups) !== counts(this.paramGroups)) {
      throw new Error(
        `${name}.loadStateDict: the state has groups of ${counts(saved.paramGroups)} parameters, ` +
          `the optimizer of ${counts(this.paramGroups)}. Build the model and its groups as they were.`,
      );
    }
    const params = this.#parameters();
    const restored = Object.entries(saved.state).map(([i, state]) => {
      const param = params[Number(i)];
      const where = `${name}.loadStateDict: ${this.#describe(param)}`;
      return [param, ParameterState.restore(state, param, where)] as const;
    });
    this.paramGroups.forEach((group, i) => {
      const { params: _params, ...options } = saved.paramGroups[i];
      Object.assign(group, structuredClone(options));
    });
    this.#state.clear();
    for (const [param, state] of restored) this.#state.set(param, state);
  }

  #updateOne(param: Tensor, gradient: Tensor, group: ParameterGroup<O>): void {
    let state = this.#state.get(param);
    if (!state) this.#state.set(param, (state = new ParameterState(param)));
    state.step++;
    const kernel = isInEngine(param) && isInEngine(gradient) ? this.kernel(state, group) : null;
    if (kernel) updateByKernel(kernel, param, gradient);
    else this.update(param.elements as FloatArray, gradient.elements as FloatArray, state, group);
    noteChange(param.storage);
  }

  #parameters(): readonly Tensor[] {
    return this.paramGroups.flatMap(({ params }) => params);
  }

  #groupsOf(params: OptimizedParameters<O>): readonly GivenGroup<O>[] {
    const list = this.#listed<Tensor | GivenGroup<O>>(params);
    const groups = list.filter((each): each is GivenGroup<O> => !(each instanceof Tensor));
    if (groups.length === 0) return [{ params: list } as unknown as GivenGroup<O>];
    if (groups.length === list.length && groups.every((each) => Object(each) === each && "params" in each)) {
      return groups;
    }
    throw new TypeError(
      `${this.constructor.name}: params holds something else than tensors, or groups { params, lr, … } only.`,
    );
  }

  #tensorsOf(params: Iterable<Tensor>): readonly Tensor[] {
    const tensors = this.#listed(params);
    const odd = tensors.findIndex((each) => !(each instanceof Tensor));
    if (odd < 0) return tensors;
    throw new TypeError(`${this.constructor.name}: element ${odd} of a group's params is no tensor.`);
  }

  #listed<T>(params: Iterable<T>): T[] {
    if (Symbol.iterator in Object(params)) return [...params];
    throw new TypeError(
      `${this.constructor.name}: params cannot be iterated. Expected a list of tensors, or of groups ` +
        `{ params, lr, … }. Of a model, pass parameters().`,
    );
  }

  #checkParameters(): void {
    const params = this.#parameters();
    if (params.length === 0) {
      throw new RangeError(`${this.constructor.name}: no parameters. Expected at least one tensor.`);
    }
    params.forEach((param, i) => {
      const where = `${this.constructor.name}: ${this.#describe(param)}`;
      if (param.history) {
        throw new GradientError(
          `${where} was computed by ${param.history.op}. Only leaves can be optimized: tensors made directly.`,
        );
      }
      if (!param.requiresGrad) {
        throw new GradientError(
          `${where} does not require a gradient, so it would never change. ` +
            `Set requiresGrad to true, or leave it out.`,
        );
      }
      if (params.indexOf(param) !== i) {
        throw new GradientError(`${where} is listed twice, so it would be updated twice. List it once.`);
      }
    });
  }

  #describe(param: Tensor): string {
    const label = param.label === undefined ? "" : ` ${JSON.stringify(param.label)}`;
    return `parameter ${this.#parameters().indexOf(param)}${label} of shape ${show(param.shape)}`;
  }
}
