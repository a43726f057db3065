let recording = true;

/** Whether operations record their history, so that gradients can flow through them. */
export function isGradEnabled(): boolean {
  return recording;
}

/**
 * Runs `fn` without recording: its results have no history and require no gradient.
 *
 * @throws Error if `fn` is asynchronous: what follows its first `await` would be recorded.
 * @example noGrad(() => tensor(2, { requiresGrad: true }).mul(3)).requiresGrad // false
 */
export function noGrad<T>(fn: () => T): T {
  const result = withGradMode(false, fn);
  if (result instanceof Promise) {
    throw new Error(
      "noGrad: the function is asynchronous. Put noGrad around the synchronous part inside it.",
    );
  }
  return result;
}

/** Runs `fn` with recording switched on or off. */
export function withGradMode<T>(enabled: boolean, fn: () => T): T {
  const before = recording;
  recording = enabled;
  try {
    return fn();
  } finally {
    recording = before;
  }
}
