import { ones, zeros } from "./constants";
import { at } from "./loops";
import { lowerPair, sumOfPairs, upperPair } from "./pairs";
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
    const into = at(out, row * n);
    let i = 0;
    for (; i + 4 <= n; i += 4) normalizeFour(source, gamma, beta, into, center4, factor4, i, 4);
    if (i < n) normalizeFour(source, gamma, beta, into, center4, factor4, i, n - i);
  }
}

// @ts-ignore: decorator
@inline
function gammasFrom(gamma: usize, i: i32, left: i32): v128 {
  return gamma ? loadSome(at(gamma, i), left) : ones();
}

// @ts-ignore: decorator
@inline
function normalizeFour(
  x: usize, gamma: usize, beta: usize, out: usize, center: v128, factor: v128, i: i32, left: i32,
): void {
  const y = f32x4.mul(f32x4.sub(loadSome(at(x, i), left), center), factor);
  const shift = beta ? loadSome(at(beta, i), left) : zeros();
  storeSome(at(out, i), madd(y, gammasFrom(gamma, i, left), shift), left);
}

export function layerNormBackward(
  g: usize, x: usize, mean: usize, scale: usize, gamma: usize, dx: usize, n: i32, from: i32, to: i32,
): void {
  for (let row = from; row < to; row++) {
    const center = f32x4.splat(load<f32>(at(mean, row))), factor = f32x4.splat(load<f32>(at(scale, row)));
    const g0 = at(g, row * n), x0 = at(x, row * n), into = at(dx, row * n);
    let lowerSum = zeros(), upperSum = zeros(), lowerProduct = zeros(), upperProduct = zeros();
    let i = 0;
    // as in sums.ts: 16 terms of a lane in float32, the rest in double precision
    while (i + 4 <= n) {
      let sum = zeros(), product = zeros();
      for (const end = min(n, i + 64); i + 4 <= end; i += 4) {
        const weighted = f32x4.mul(v128.load(at(g0, i)), gammasFrom(gamma, i, 4));
        sum = f32x4.add(sum, weighted);
        product = madd(weighted, f32x4.sub(v128.load(at(x0, i)), center), product);
      }
      lowerSum = f64x2.add(lowerSum, lowerPair(sum));
      upperSum = f64x2.add(upperSum, upperPair(sum));
      lowerProduct = f64x2.add(lowerProduct, lowerPair(product));
      upperProduct = f64x2.add(upperProduct, upperPair(product));
    }
    if (i < n) {
      // the numbers that fill up a vector are 0, and so are their products with g
      const weighted = f32x4.mul(loadSome(at(g0, i), n - i), gammasFrom(gamma, i, n - i));
      const product = f32x4.mul(weighted, f32x4.sub(loadSome(at(x0, i), n - i), center));
      lowerSum = f64x2.add(lowerSum, lowerPair(weighted));
      upperSum = f64x2.add(upperSum, upperPair(weighted));
      lowerProduct = f64x2.add(lowerProduct, lowerPair(product));
      upperProduct = f64x2.add(upperProduct, upperPair(product));
    }
    const scales = load<f32>(at(scale, row));
    const share = f32x4.splat(<f32>(sumOfPairs(lowerSum, upperSum) / <f64>n));
    const slope = f32x4.splat(<f32>((sumOfPairs(lowerProduct, upperProduct) * scales) / <f64>n));
    for (i = 0; i + 4 <= n; i += 4) backwardOfFour(g0, x0, gamma, into, center, factor, share, slope, i, 4);
    if (i < n) backwardOfFour(g0, x0, gamma, into, center, factor, share, slope, i, n - i);
  }
}

// @ts-ignore: decorator
@inline
function backwardOfFour(
  g: usize, x: usize, gamma: usize, dx: usize, center: v128, factor: v128, share: v128, slope: v128, i: i32, left: i32,
): void {
  const weighted = f32x4.mul(loadSome(at(g, i), left), gammasFrom(gamma, i, left));
  const y = f32x4.mul(f32x4.sub(loadSome(at(x, i), left), center), factor);
  const rest = f32x4.sub(f32x4.sub(weighted, share), f32x4.mul(y, slope));
  storeSome(at(dx, i), f32x4.mul(rest, factor), left);
}

export function layerNormAffineBackward(
  g: usize, x: usize, mean: usize, scale: usize, dgamma: usize, dbeta: usize, rows: i32, n: i32, from: i32, to: i32,
): void {
  const g0 = at(g, from), x0 = at(x, from), width = to - from;
  if (dbeta) columnSums<Plain>(toNone, g0, g0, 0, 0, rows, n, width, at(dbeta, from), 1);
  if (dgamma) columnSums<StandardizedProduct>(toRow, g0, x0, mean, scale, rows, n, width, at(dgamma, from), 1);
}
