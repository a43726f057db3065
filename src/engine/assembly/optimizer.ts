import { at } from "./loops";
import { madd } from "./simd";
import { loadSome, storeSome } from "./tails";

// One step of an optimizer: everything that belongs to four elements is read once and written once.

/** The gradient of four elements, with that of the weight decay. */
// @ts-ignore: decorator
@inline
function decayed(gradient: usize, param: v128, weightDecay: v128, i: i32, left: i32): v128 {
  return madd(param, weightDecay, loadSome(at(gradient, i), left));
}

// @ts-ignore: decorator
@inline
function splat(x: f64): v128 {
  return f32x4.splat(<f32>x);
}

export function sgd(param: usize, gradient: usize, lr: f64, weightDecay: f64, from: i32, to: i32): void {
  const minusLr = splat(-lr), decay = splat(weightDecay);
  for (let i = from; i < to; i += 4) {
    const p = loadSome(at(param, i), to - i);
    storeSome(at(param, i), madd(decayed(gradient, p, decay, i, to - i), minusLr, p), to - i);
  }
}

export function sgdMomentum(
  param: usize, gradient: usize, velocity: usize, lr: f64, momentum: f64, dampening: f64, nesterov: i32, first: i32,
  weightDecay: f64, from: i32, to: i32,
): void {
  const minusLr = splat(-lr), decay = splat(weightDecay), keep = splat(momentum), take = splat(1 - dampening);
  for (let i = from; i < to; i += 4) {
    const p = loadSome(at(param, i), to - i);
    const g = decayed(gradient, p, decay, i, to - i);
    const v = first ? g : madd(keep, loadSome(at(velocity, i), to - i), f32x4.mul(take, g));
    storeSome(at(velocity, i), v, to - i);
    storeSome(at(param, i), madd(nesterov ? madd(keep, v, g) : v, minusLr, p), to - i);
  }
}

export function adagrad(
  param: usize, gradient: usize, sum: usize, rate: f64, eps: f64, weightDecay: f64, from: i32, to: i32,
): void {
  const rate4 = splat(rate), decay = splat(weightDecay), eps4 = splat(eps);
  for (let i = from; i < to; i += 4) {
    const p = loadSome(at(param, i), to - i);
    const g = decayed(gradient, p, decay, i, to - i);
    const s = madd(g, g, loadSome(at(sum, i), to - i));
    storeSome(at(sum, i), s, to - i);
    const step = f32x4.div(f32x4.mul(rate4, g), f32x4.add(f32x4.sqrt(s), eps4));
    storeSome(at(param, i), f32x4.sub(p, step), to - i);
  }
}

export function rmsprop(
  param: usize, gradient: usize, square: usize, mean: usize, velocity: usize, lr: f64, alpha: f64, eps: f64,
  momentum: f64, weightDecay: f64, from: i32, to: i32,
): void {
  const minusLr = splat(-lr), decay = splat(weightDecay), eps4 = splat(eps);
  const keep = splat(alpha), take = splat(1 - alpha), inertia = splat(momentum);
  for (let i = from; i < to; i += 4) {
    const p = loadSome(at(param, i), to - i);
    const g = decayed(gradient, p, decay, i, to - i);
    const s = madd(keep, loadSome(at(square, i), to - i), f32x4.mul(take, f32x4.mul(g, g)));
    storeSome(at(square, i), s, to - i);
    let spread = s;
    if (mean) {
      const m = madd(keep, loadSome(at(mean, i), to - i), f32x4.mul(take, g));
      storeSome(at(mean, i), m, to - i);
      spread = f32x4.sub(s, f32x4.mul(m, m));
    }
    let step = f32x4.div(g, f32x4.add(f32x4.sqrt(spread), eps4));
    if (velocity) {
      step = madd(inertia, loadSome(at(velocity, i), to - i), step);
      storeSome(at(velocity, i), step, to - i);
    }
    storeSome(at(param, i), madd(step, minusLr, p), to - i);
  }
}

export function adam(
  param: usize, gradient: usize, mean: usize, square: usize, largest: usize, rate: f64, beta1: f64, beta2: f64,
  correction: f64, eps: f64, weightDecay: f64, kept: f64, from: i32, to: i32,
): void {
  const rate4 = splat(rate), decay = splat(weightDecay), eps4 = splat(eps), kept4 = splat(kept);
  const keep1 = splat(beta1), take1 = splat(1 - beta1), keep2 = splat(beta2), take2 = splat(1 - beta2);
  const perCorrection = splat(1 / correction);
  for (let i = from; i < to; i += 4) {
    const p = f32x4.mul(loadSome(at(param, i), to - i), kept4);
    const g = decayed(gradient, p, decay, i, to - i);
    const m = madd(keep1, loadSome(at(mean, i), to - i), f32x4.mul(take1, g));
    const v = madd(keep2, loadSome(at(square, i), to - i), f32x4.mul(f32x4.mul(take2, g), g));
    storeSome(at(mean, i), m, to - i);
    storeSome(at(square, i), v, to - i);
    let bound = v;
    if (largest) {
      bound = f32x4.max(loadSome(at(largest, i), to - i), v);
      storeSome(at(largest, i), bound, to - i);
    }
    const root = madd(f32x4.sqrt(bound), perCorrection, eps4);
    storeSome(at(param, i), f32x4.sub(p, f32x4.div(f32x4.mul(rate4, m), root)), to - i);
  }
}
