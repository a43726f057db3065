import { ones, zeros } from "./constants";
import { at } from "./loops";
import { lowerPair, upperPair } from "./pairs";
import { rowSquares } from "./reduce";
import { madd } from "./simd";
import { Plain, StandardizedProduct, columnSums, rowSum, toNone, toRow } from "./sums";
import { loadSome, storeSome } from "./tails";

// Layer normalisation: each row by itself, with a γ and a β for each column.

export function layerNorm(
  x: usize, gamma: usize, beta: usize, out: usize, mean: usize, scale: usize, n: i32, eps: f64, from: i32, to: i32,
): void {
  for (let row = from; row < to; row++) {
    const source = at(x, row * n);
    const center = rowSum<Plain>(source, source, zeros(), zeros(), n) / <f64>n;
    const factor = <f32>(1 / sqrt(rowSquares(source, center, n) / <f64>n + eps));
    store<f32>(at(mean, row), <f32>center);
    store<f32>(at(scale, row), factor);
    const center4 = f32x4.splat(<f32>center), factor4 = f32x4.splat(factor);
    for (let i = 0; i < n; i += 4) {
      const y = f32x4.mul(f32x4.sub(loadSome(at(source, i), n - i), center4), factor4);
      const gamma4 = gamma ? loadSome(at(gamma, i), n - i) : ones();
      const beta4 = beta ? loadSome(at(beta, i), n - i) : zeros();
      storeSome(at(out, row * n + i), madd(y, gamma4, beta4), n - i);
    }
  }
}

export function layerNormBackward(
  g: usize, x: usize, mean: usize, scale: usize, gamma: usize, dx: usize, n: i32, from: i32, to: i32,
): void {
  for (let row = from; row < to; row++) {
    const center = f32x4.splat(load<f32>(at(mean, row))), factor = f32x4.splat(load<f32>(at(scale, row)));
    const g0 = at(g, row * n), x0 = at(x, row * n), into = at(dx, row * n);
    let sums = zeros(), products = zeros();
    for (let i = 0; i < n; i += 4) {
      const weighted = f32x4.mul(loadSome(at(g0, i), n - i), gamma ? loadSome(at(gamma, i), n - i) : ones());
      const product = f32x4.mul(weighted, f32x4.mul(f32x4.sub(loadSome(at(x0, i), n - i), center), factor));
      sums = f64x2.add(sums, f64x2.add(lowerPair(weighted), upperPair(weighted)));
      products = f64x2.add(products, f64x2.add(lowerPair(product), upperPair(product)));
    }
    const share = f32x4.splat(<f32>((f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1)) / <f64>n));
    const slope = f32x4.splat(
      <f32>((f64x2.extract_lane(products, 0) + f64x2.extract_lane(products, 1)) / <f64>n),
    );
    for (let i = 0; i < n; i += 4) {
      const weighted = f32x4.mul(loadSome(at(g0, i), n - i), gamma ? loadSome(at(gamma, i), n - i) : ones());
      const y = f32x4.mul(f32x4.sub(loadSome(at(x0, i), n - i), center), factor);
      const rest = f32x4.sub(f32x4.sub(weighted, share), f32x4.mul(y, slope));
      storeSome(at(into, i), f32x4.mul(rest, factor), n - i);
    }
  }
}

export function layerNormAffineBackward(
  g: usize, x: usize, mean: usize, scale: usize, dgamma: usize, dbeta: usize, rows: i32, n: i32, from: i32, to: i32,
): void {
  const g0 = at(g, from), x0 = at(x, from), width = to - from;
  if (dbeta) columnSums<Plain>(toNone, g0, g0, 0, 0, rows, n, width, at(dbeta, from), 1);
  if (dgamma) columnSums<StandardizedProduct>(toRow, g0, x0, mean, scale, rows, n, width, at(dgamma, from), 1);
}
