// Everything of `nn`: import { nn } from "gradlab".
export * from "./activations.js";
export * from "./binary-losses.js";
export * from "./class-losses.js";
export * from "./clip-grad.js";
export * from "./dropout.js";
export * from "./embedding.js";
export * from "./flatten.js";
export * as init from "./init.js";
export * from "./linear.js";
export * from "./module.js";
export * from "./parameter.js";
export * from "./regression-losses.js";
export * from "./sequential.js";
export type { AffineOptions, LayerOptions } from "./layer-options.js";
export type { LossOptions, LossReduction } from "./loss-options.js";
export type { LoadedState, LoadStateOptions, StateDict } from "./state-dict.js";
