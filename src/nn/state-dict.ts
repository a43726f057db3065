import { ShapeError } from "../tensor/errors.js";
import { noGrad } from "../tensor/grad-mode.js";
import { sameShape, show } from "../tensor/shape.js";
import { Tensor } from "../tensor/tensor.js";

/** Parameters and buffers by name. The names are PyTorch's: `layer1.0.conv1.weight`, `bn1.running_mean`. */
export type StateDict = Record<string, Tensor>;

/** How exactly a state must match. */
export interface LoadStateOptions {
  /** Whether names that only one side has are an error; true by default. */
  strict?: boolean;
}

/** Names that could not be matched. Both lists are empty after strict loading. */
export interface LoadedState {
  /** Names that the module has and the state has not. */
  missing: string[];
  /** Names that the state has and the module has not. */
  unexpected: string[];
}

/** Copies that later training leaves alone. */
export function copyState(own: ReadonlyMap<string, Tensor>): StateDict {
  return Object.fromEntries(
    Array.from(own, ([name, { data, shape, dtype }]) => [name, new Tensor(data.slice(), [...shape], dtype)]),
  );
}

/** Copies `state` into the module's own tensors: all of it, or nothing if something does not fit. */
export function restoreState(
  own: ReadonlyMap<string, Tensor>,
  state: StateDict,
  { strict = true }: LoadStateOptions,
): LoadedState {
  const given = new Map(Object.entries(state));
  const missing = [...own.keys()].filter((name) => !given.has(name));
  const unexpected = [...given.keys()].filter((name) => !own.has(name));
  if (strict && missing.length + unexpected.length > 0) {
    throw new Error(
      [
        "loadStateDict: the names do not match.",
        missing.length > 0 ? ` Missing: ${missing.join(", ")}.` : "",
        unexpected.length > 0 ? ` Unexpected: ${unexpected.join(", ")}.` : "",
        " { strict: false } loads those that both sides have.",
      ].join(""),
    );
  }
  const pairs = [...own].flatMap(([name, target]) => {
    const source = given.get(name);
    return source ? [{ name, target, source }] : [];
  });
  for (const { name, target, source } of pairs) {
    if (sameShape(target.shape, source.shape)) continue;
    throw new ShapeError(
      `loadStateDict: ${name} is ${show(source.shape)} in the state, ${show(target.shape)} in the module. ` +
        `Build the module with the options that the state was saved with.`,
    );
  }
  noGrad(() => {
    for (const { target, source } of pairs) target.assign(source);
  });
  return { missing, unexpected };
}
