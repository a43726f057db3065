import { ones, zeros } from "./constants";
import { at } from "./loops";
import { affineOf, backwardRow, normalizeRow } from "./norm-rows";
import { fromPairs, lowerPair, upperPair } from "./pairs";
import { madd } from "./simd";
import {
  Plain, SquaredDistance, StandardizedProduct, columnSums, rowSum, toColumn, toNone,
} from "./sums";
import { loadSome, storeSome } from "./tails";

// Batch normalisation: each channel of [batch, channels, length] by itself. With a length of 1, four channels at once.

export function channelStatistics(
  x: usize, mean: usize, variance: usize, batch: i32, channels: i32, length: i32, from: i32, to: i32,
): void {
  const count = <f64>batch * <f64>length;
  if (length == 1) {
    const first = at(x, from), means = at(mean, from), variances = at(variance, from), width = to - from;
    columnSums<Plain>(toNone, first, first, 0, 0, batch, channels, width, means, 1 / count);
    columnSums<SquaredDistance>(toColumn, first, first, means, means, batch, channels, width, variances, 1 / count);
    return;
  }
  for (let channel = from; channel < to; channel++) {
    let total: f64 = 0;
    for (let sample = 0; sample < batch; sample++) {
      const row = at(x, (sample * channels + channel) * length);
      total += rowSum<Plain>(row, row, zeros(), zeros(), length);
    }
    const exact = total / count;
    const rounded = <f32>exact;
    let squares: f64 = 0;
    for (let sample = 0; sample < batch; sample++) {
      const row = at(x, (sample * channels + channel) * length);
      squares += rowSum<SquaredDistance>(row, row, f32x4.splat(rounded), zeros(), length);
    }
    // about the rounded mean, squares are larger than about the exact one
    const shift = <f64>rounded - exact;
    store<f32>(at(mean, channel), rounded);
    store<f32>(at(variance, channel), <f32>max<f64>(squares / count - shift * shift, 0));
  }
}

/** 1 / √(variance + eps) of up to four channels. */
// @ts-ignore: decorator
@inline
function scalesOf(variance: usize, channel: i32, eps: f32, n: i32): v128 {
  const sum = f32x4.add(loadSome(at(variance, channel), n), f32x4.splat(eps));
  return f32x4.div(ones(), f32x4.sqrt(sum));
}

// @ts-ignore: decorator
@inline
function gammasOf(gamma: usize, channel: i32, n: i32): v128 {
  return gamma ? loadSome(at(gamma, channel), n) : ones();
}

export function batchNorm(
  x: usize, mean: usize, variance: usize, gamma: usize, beta: usize, out: usize, channels: i32, length: i32, eps: f32,
  from: i32, to: i32,
): void {
  if (length > 1) {
    for (let row = from; row < to; row++) {
      const channel = row % channels;
      const scale = affineOf(gamma, channel, 1) / sqrt(load<f32>(at(variance, channel)) + eps);
      const center = load<f32>(at(mean, channel));
      const start = row * length;
      normalizeRow(at(x, start), at(out, start), center, scale, affineOf(beta, channel, 0), length);
    }
    return;
  }
  for (let i = from; i < to; ) {
    const channel = i % channels;
    const n = min(4, min(channels - channel, to - i));
    const scale = f32x4.mul(scalesOf(variance, channel, eps, n), gammasOf(gamma, channel, n));
    const shift = beta ? loadSome(at(beta, channel), n) : zeros();
    const centred = f32x4.sub(loadSome(at(x, i), n), loadSome(at(mean, channel), n));
    storeSome(at(out, i), madd(centred, scale, shift), n);
    i += n;
  }
}

export function batchNormBackward(
  g: usize, x: usize, mean: usize, variance: usize, gamma: usize, dx: usize, dgamma: usize, dbeta: usize,
  batch: i32, channels: i32, length: i32, eps: f32, from: i32, to: i32,
): void {
  if (length == 1) {
    for (let channel = from; channel < to; channel += 4) {
      backwardOfFour(g, x, mean, variance, gamma, dx, dgamma, dbeta, batch, channels, eps, channel, min(4, to - channel));
    }
    return;
  }
  const count = <f64>batch * <f64>length;
  for (let channel = from; channel < to; channel++) {
    const center = load<f32>(at(mean, channel));
    const scale: f32 = <f32>1 / sqrt(load<f32>(at(variance, channel)) + eps);
    let sum: f64 = 0, product: f64 = 0;
    for (let sample = 0; sample < batch; sample++) {
      const start = (sample * channels + channel) * length;
      const row = at(g, start);
      sum += rowSum<Plain>(row, row, zeros(), zeros(), length);
      product += rowSum<StandardizedProduct>(row, at(x, start), f32x4.splat(center), f32x4.splat(scale), length);
    }
    if (dgamma) store<f32>(at(dgamma, channel), <f32>product);
    if (dbeta) store<f32>(at(dbeta, channel), <f32>sum);
    if (!dx) continue;
    const a = <f64>affineOf(gamma, channel, 1) * scale;
    const b = (-a * scale * product) / count;
    const c = (-a * sum) / count;
    for (let sample = 0; sample < batch; sample++) {
      const start = (sample * channels + channel) * length;
      backwardRow(at(g, start), at(x, start), at(dx, start), center, <f32>a, <f32>b, <f32>c, length);
    }
  }
}

/** The gradients for `n` (1 to 4) neighbouring channels of [batch, channels]. */
function backwardOfFour(
  g: usize, x: usize, mean: usize, variance: usize, gamma: usize, dx: usize, dgamma: usize, dbeta: usize,
  batch: i32, channels: i32, eps: f32, channel: i32, n: i32,
): void {
  const center = loadSome(at(mean, channel), n);
  const scale = scalesOf(variance, channel, eps, n);
  let lowerSum = zeros(), upperSum = zeros(), lowerProduct = zeros(), upperProduct = zeros();
  for (let sample = 0; sample < batch; sample++) {
    const start = sample * channels + channel;
    const g4 = loadSome(at(g, start), n);
    const product = f32x4.mul(g4, f32x4.mul(f32x4.sub(loadSome(at(x, start), n), center), scale));
    lowerSum = f64x2.add(lowerSum, lowerPair(g4));
    upperSum = f64x2.add(upperSum, upperPair(g4));
    lowerProduct = f64x2.add(lowerProduct, lowerPair(product));
    upperProduct = f64x2.add(upperProduct, upperPair(product));
  }
  const sum = fromPairs(lowerSum, upperSum), product = fromPairs(lowerProduct, upperProduct);
  if (dgamma) storeSome(at(dgamma, channel), product, n);
  if (dbeta) storeSome(at(dbeta, channel), sum, n);
  if (!dx) return;
  const a = f32x4.mul(scale, gammasOf(gamma, channel, n));
  const perSample = f32x4.splat(-1 / <f32>batch);
  const b = f32x4.mul(f32x4.mul(a, scale), f32x4.mul(product, perSample));
  const c = f32x4.mul(a, f32x4.mul(sum, perSample));
  for (let sample = 0; sample < batch; sample++) {
    const start = sample * channels + channel;
    const rest = madd(f32x4.sub(loadSome(at(x, start), n), center), b, c);
    storeSome(at(dx, start), madd(loadSome(at(g, start), n), a, rest), n);
  }
}
