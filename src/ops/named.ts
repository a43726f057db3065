/** Gives a function the name of its operation. */
export function named<F extends object>(name: string, differentiable: boolean, apply: F): F {
  return Object.defineProperties(apply, { name: { value: name }, differentiable: { value: differentiable } });
}
