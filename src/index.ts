import "./ops/methods.js";

export { display, type NotebookSession } from "./display/session.js";
export { clearOutput } from "./display/clear-output.js";
export { comms, type Comm, type CommMessage, type CommOptions, type Comms } from "./display/comm.js";
export { EndOfInputError, input } from "./display/input.js";
export { displaySymbol, type Displayable, type MimeBundle } from "./display/mime.js";
export type { Axes, Shape } from "./tensor/shape.js";
export type { DType, TensorData } from "./tensor/dtype.js";
export type { BackwardNode, BackwardRule, Gradient, GradientHook, History } from "./tensor/history.js";
export { DTypeError, GradientError, ShapeError } from "./tensor/errors.js";
export { Tensor, type NestedArray } from "./tensor/tensor.js";
export {
  arange,
  eye,
  full,
  linspace,
  ones,
  tensor,
  zeros,
  type NumericArray,
  type TensorOptions,
  type TensorSource,
} from "./tensor/create.js";
export { noGrad } from "./tensor/grad-mode.js";
export { bernoulli, dropoutMask, normal, permutation, randint, uniform } from "./tensor/distributions.js";
export {
  Generator,
  manualSeed,
  rand,
  randn,
  type GeneratorState,
  type RandomOptions,
} from "./tensor/random.js";
export * from "./ops/define-op.js";
export * from "./ops/index.js";
export * from "./ops/autograd.js";
export { Context, Function, type FunctionGradients, type FunctionRules } from "./autodiff/function.js";
export { hessian, hvp, jacobian, jvp, vjp } from "./autodiff/derivatives.js";
export * as nn from "./nn/index.js";
export * from "./optim/index.js";
export * from "./data/index.js";
export {
  evaluate,
  fit,
  type Batch,
  type BatchRecord,
  type EpochRecord,
  type EpochScores,
  type FitCallback,
  type FitOptions,
  type FitPlan,
  type Metric,
  type Stepper,
} from "./fit/fit.js";
export {
  epochValues,
  logTo,
  showProgress,
  stepSchedule,
  stopEarly,
  type LogOptions,
  type MonitorOptions,
  type StepScheduleOptions,
  type StopEarlyOptions,
} from "./fit/callbacks.js";
export { accuracy } from "./fit/accuracy.js";
export { Value } from "./scalar/value.js";
export { allClose, compareClose, type CloseOptions, type Comparison, type Numeric } from "./testing/close.js";
export { numericalGradient } from "./testing/numerical-gradient.js";
export { gradcheck, gradgradcheck, type GradcheckOptions } from "./testing/gradcheck.js";
export * from "./plot/index.js";
