import { at } from "./loops";
import { madd } from "./simd";
import { loadSome, storeSome } from "./tails";

// One step of an optimizer: everything that belongs to four elements is read once and written once. Each step is a function of
// four elements or the last few (`left`), which the loop calls with 4 known beforehand, so that no branches are left in it.

// @ts-ignore: decorator
@inline
function splat(x: f64): v128 {
  return f32x4.splat(<f32>x);
}

/** The gradient of four elements, with that of the weight decay. */
// @ts-ignore: decorator
@inline
function decayed(gradient: usize, param: v128, weightDecay: v128, left: i32): v128 {
  return madd(param, weightDecay, loadSome(gradient, left));
}

// @ts-ignore: decorator
@inline
function sgdStep(param: usize, gradient: usize, minusLr: v128, decay: v128, left: i32): void {
  const p = loadSome(param, left);
  storeSome(param, madd(decayed(gradient, p, decay, left), minusLr, p), left);
}

export function sgd(param: usize, gradient: usize, lr: f64, weightDecay: f64, from: i32, to: i32): void {
  const minusLr = splat(-lr), decay = splat(weightDecay);
  let i = from;
  for (; i + 4 <= to; i += 4) sgdStep(at(param, i), at(gradient, i), minusLr, decay, 4);
  if (i < to) sgdStep(at(param, i), at(gradient, i), minusLr, decay, to - i);
}

// @ts-ignore: decorator
@inline
function momentumStep(
  param: usize, gradient: usize, velocity: usize, minusLr: v128, keep: v128, take: v128, nesterov: i32, first: i32,
  decay: v128, left: i32,
): void {
  const p = loadSome(param, left);
  const g = decayed(gradient, p, decay, left);
  const v = first ? g : madd(keep, loadSome(velocity, left), f32x4.mul(take, g));
  storeSome(velocity, v, left);
  storeSome(param, madd(nesterov ? madd(keep, v, g) : v, minusLr, p), left);
}

export function sgdMomentum(
  param: usize, gradient: usize, velocity: usize, lr: f64, momentum: f64, dampening: f64, nesterov: i32, first: i32,
  weightDecay: f64, from: i32, to: i32,
): void {
  const minusLr = splat(-lr), decay = splat(weightDecay), keep = splat(momentum), take = splat(1 - dampening);
  let i = from;
  for (; i + 4 <= to; i += 4) {
    const p = at(param, i), g = at(gradient, i), v = at(velocity, i);
    momentumStep(p, g, v, minusLr, keep, take, nesterov, first, decay, 4);
  }
  if (i < to) {
    const p = at(param, i), g = at(gradient, i), v = at(velocity, i);
    momentumStep(p, g, v, minusLr, keep, take, nesterov, first, decay, to - i);
  }
}

// @ts-ignore: decorator
@inline
function adagradStep(
  param: usize, gradient: usize, sum: usize, rate: v128, eps: v128, decay: v128, left: i32,
): void {
  const p = loadSome(param, left);
  const g = decayed(gradient, p, decay, left);
  const s = madd(g, g, loadSome(sum, left));
  storeSome(sum, s, left);
  storeSome(param, f32x4.sub(p, f32x4.div(f32x4.mul(rate, g), f32x4.add(f32x4.sqrt(s), eps))), left);
}

export function adagrad(
  param: usize, gradient: usize, sum: usize, rate: f64, eps: f64, weightDecay: f64, from: i32, to: i32,
): void {
  const rate4 = splat(rate), decay = splat(weightDecay), eps4 = splat(eps);
  let i = from;
  for (; i + 4 <= to; i += 4) adagradStep(at(param, i), at(gradient, i), at(sum, i), rate4, eps4, decay, 4);
  if (i < to) adagradStep(at(param, i), at(gradient, i), at(sum, i), rate4, eps4, decay, to - i);
}

// @ts-ignore: decorator
@inline
function rmspropStep(
  param: usize, gradient: usize, square: usize, mean: usize, velocity: usize, minusLr: v128, keep: v128, take: v128,
  eps: v128, inertia: v128, decay: v128, left: i32,
): void {
  const p = loadSome(param, left);
  const g = decayed(gradient, p, decay, left);
  const s = madd(keep, loadSome(square, left), f32x4.mul(take, f32x4.mul(g, g)));
  storeSome(square, s, left);
  let spread = s;
  if (mean) {
    const m = madd(keep, loadSome(mean, left), f32x4.mul(take, g));
    storeSome(mean, m, left);
    spread = f32x4.sub(s, f32x4.mul(m, m));
  }
  let step = f32x4.div(g, f32x4.add(f32x4.sqrt(spread), eps));
  if (velocity) {
    step = madd(inertia, loadSome(velocity, left), step);
    storeSome(velocity, step, left);
  }
  storeSome(param, madd(step, minusLr, p), left);
}

export function rmsprop(
  param: usize, gradient: usize, square: usize, mean: usize, velocity: usize, lr: f64, alpha: f64, eps: f64,
  momentum: f64, weightDecay: f64, from: i32, to: i32,
): void {
  const minusLr = splat(-lr), decay = splat(weightDecay), eps4 = splat(eps);
  const keep = splat(alpha), take = splat(1 - alpha), inertia = splat(momentum);
  let i = from;
  for (; i + 4 <= to; i += 4) {
    const m = mean ? at(mean, i) : 0, v = velocity ? at(velocity, i) : 0;
    const p = at(param, i), g = at(gradient, i), s = at(square, i);
    rmspropStep(p, g, s, m, v, minusLr, keep, take, eps4, inertia, decay, 4);
  }
  if (i < to) {
    const m = mean ? at(mean, i) : 0, v = velocity ? at(velocity, i) : 0;
    const p = at(param, i), g = at(gradient, i), s = at(square, i);
    rmspropStep(p, g, s, m, v, minusLr, keep, take, eps4, inertia, decay, to - i);
  }
}

// @ts-ignore: decorator
@inline
function adamStep(
  param: usize, gradient: usize, mean: usize, square: usize, largest: usize, rate: v128, keep1: v128, take1: v128,
  keep2: v128, take2: v128, perCorrection: v128, eps: v128, decay: v128, kept: v128, left: i32,
): void {
  const p = f32x4.mul(loadSome(param, left), kept);
  const g = decayed(gradient, p, decay, left);
  const m = madd(keep1, loadSome(mean, left), f32x4.mul(take1, g));
  const v = madd(keep2, loadSome(square, left), f32x4.mul(f32x4.mul(take2, g), g));
  storeSome(mean, m, left);
  storeSome(square, v, left);
  let bound = v;
  if (largest) {
    bound = f32x4.max(loadSome(largest, left), v);
    storeSome(largest, bound, left);
  }
  const root = madd(f32x4.sqrt(bound), perCorrection, eps);
  storeSome(param, f32x4.sub(p, f32x4.div(f32x4.mul(rate, m), root)), left);
}

export function adam(
  param: usize, gradient: usize, mean: usize, square: usize, largest: usize, rate: f64, beta1: f64, beta2: f64,
  correction: f64, eps: f64, weightDecay: f64, kept: f64, from: i32, to: i32,
): void {
  const rate4 = splat(rate), decay = splat(weightDecay), eps4 = splat(eps), kept4 = splat(kept);
  const keep1 = splat(beta1), take1 = splat(1 - beta1), keep2 = splat(beta2), take2 = splat(1 - beta2);
  const perRoot = splat(1 / correction);
  let i = from;
  for (; i + 4 <= to; i += 4) {
    const p = at(param, i), g = at(gradient, i), m = at(mean, i), v = at(square, i), b = largest ? at(largest, i) : 0;
    adamStep(p, g, m, v, b, rate4, keep1, take1, keep2, take2, perRoot, eps4, decay, kept4, 4);
  }
  if (i < to) {
    const p = at(param, i), g = at(gradient, i), m = at(mean, i), v = at(square, i), b = largest ? at(largest, i) : 0;
    adamStep(p, g, m, v, b, rate4, keep1, take1, keep2, take2, perRoot, eps4, decay, kept4, to - i);
  }
}
