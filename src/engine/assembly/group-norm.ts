import { zeros } from "./constants";
import { at } from "./loops";
import { affineOf, backwardRow, normalizeRow } from "./norm-rows";
import { rowSquares } from "./reduce";
import { Plain, StandardizedProduct, rowSum } from "./sums";

// Group normalisation: each group of neighbouring channels of each sample by itself, with a γ and a β for each channel.

export function groupNorm(
  x: usize, gamma: usize, beta: usize, out: usize, mean: usize, scale: usize, channels: i32, length: i32, groups: i32,
  eps: f64, from: i32, to: i32,
): void {
  const members = channels / groups;
  const n = members * length;
  for (let group = from; group < to; group++) {
    const source = at(x, group * n);
    const center = rowSum<Plain>(source, source, zeros(), zeros(), n) / <f64>n;
    const factor = <f32>(1 / sqrt(rowSquares(source, center, n) / <f64>n + eps));
    store<f32>(at(mean, group), <f32>center);
    store<f32>(at(scale, group), factor);
    for (let member = 0; member < members; member++) {
      const channel = (group % groups) * members + member;
      const start = group * n + member * length;
      const slope = factor * affineOf(gamma, channel, 1);
      normalizeRow(at(x, start), at(out, start), <f32>center, slope, affineOf(beta, channel, 0), length);
    }
  }
}

export function groupNormBackward(
  g: usize, x: usize, mean: usize, scale: usize, gamma: usize, dx: usize, channels: i32, length: i32, groups: i32,
  from: i32, to: i32,
): void {
  const members = channels / groups;
  const n = members * length;
  for (let group = from; group < to; group++) {
    const center = load<f32>(at(mean, group));
    const factor = load<f32>(at(scale, group));
    const center4 = f32x4.splat(center), factor4 = f32x4.splat(factor);
    let sum: f64 = 0, product: f64 = 0;
    for (let member = 0; member < members; member++) {
      const weight = <f64>affineOf(gamma, (group % groups) * members + member, 1);
      const start = group * n + member * length;
      const row = at(g, start);
      sum += weight * rowSum<Plain>(row, row, zeros(), zeros(), length);
      product += weight * rowSum<StandardizedProduct>(row, at(x, start), center4, factor4, length);
    }
    const b = (-(<f64>factor) * factor * product) / <f64>n;
    const c = (-(<f64>factor) * sum) / <f64>n;
    for (let member = 0; member < members; member++) {
      const a = factor * affineOf(gamma, (group % groups) * members + member, 1);
      const start = group * n + member * length;
      backwardRow(at(g, start), at(x, start), at(dx, start), center, a, <f32>b, <f32>c, length);
    }
  }
}

export function groupNormAffineBackward(
  g: usize, x: usize, mean: usize, scale: usize, dgamma: usize, dbeta: usize, batch: i32, channels: i32, length: i32,
  groups: i32, from: i32, to: i32,
): void {
  const members = channels / groups;
  for (let channel = from; channel < to; channel++) {
    let sum: f64 = 0, product: f64 = 0;
    for (let sample = 0; sample < batch; sample++) {
      const group = sample * groups + channel / members;
      const row = at(g, (sample * channels + channel) * length);
      const source = at(x, (sample * channels + channel) * length);
      const center = f32x4.splat(load<f32>(at(mean, group))), factor = f32x4.splat(load<f32>(at(scale, group)));
      sum += rowSum<Plain>(row, row, zeros(), zeros(), length);
      product += rowSum<StandardizedProduct>(row, source, center, factor, length);
    }
    if (dgamma) store<f32>(at(dgamma, channel), <f32>product);
    if (dbeta) store<f32>(at(dbeta, channel), <f32>sum);
  }
}
