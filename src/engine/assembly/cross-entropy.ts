import { zeros } from "./constants";
import { largestOfRow } from "./extremes";
import { at, mapOne } from "./loops";
import { exp } from "./math";
import { fromPairs, lowerPair, upperPair } from "./pairs";
import { MulScalar } from "./scalar-operand";
import { columnStart, columnsFrom, largestOfColumns, logOfTotal, logOfTotals, rowExponentials } from "./softmax";
import { loadSome, storeSome } from "./tails";

export function crossEntropy(
  x: usize, labels: usize, losses: usize, dx: usize, classes: i32, inner: i32, ignoreIndex: i32, scale: f32,
  from: i32, to: i32,
): void {
  if (inner == 1) {
    for (let row = from; row < to; row++) {
      const place = dx ? at(dx, row * classes) : 0;
      const loss = ofRow(at(x, row * classes), load<i32>(at(labels, row)), place, classes, ignoreIndex, scale);
      if (losses) store<f32>(at(losses, row), loss);
    }
    return;
  }
  for (let line = from; line < to; ) {
    const n = columnsFrom(line, inner, to);
    const place = dx ? columnStart(dx, line, classes, inner) : 0;
    const source = columnStart(x, line, classes, inner);
    const loss = ofColumns(source, at(labels, line), place, n, classes, inner, ignoreIndex, scale);
    if (losses) storeSome(at(losses, line), loss, n);
    line += n;
  }
}

/** The loss of one row; its gradient goes to `dx`, unless that is 0. */
function ofRow(x: usize, label: i32, dx: usize, classes: i32, ignoreIndex: i32, scale: f32): f32 {
  if (label == ignoreIndex) {
    if (dx) memory.fill(dx, 0, <usize>classes << 2);
    return 0;
  }
  const largest = largestOfRow(x, classes);
  const chosen = load<f32>(at(x, label)); // read before dx, which may be x, is written
  const total = rowExponentials(x, dx, largest, classes);
  const loss = logOfTotal(total) + (largest - chosen);
  if (dx) {
    mapOne<MulScalar>(dx, dx, f32x4.splat(<f32>(<f64>scale / total)), zeros(), 0, classes);
    store<f32>(at(dx, label), load<f32>(at(dx, label)) - scale);
  }
  return loss;
}

/** The losses of the first `n` columns (1 to 4). */
function ofColumns(
  x: usize, labels: usize, dx: usize, n: i32, classes: i32, inner: i32, ignoreIndex: i32, scale: f32,
): v128 {
  const step: usize = <usize>inner << 2;
  const label4 = loadSome(labels, n);
  const counted = i32x4.ne(label4, i32x4.splat(ignoreIndex));
  const largest = largestOfColumns(x, classes, step, n);
  let lower = zeros(), upper = zeros(), chosen = zeros();
  for (let k = 0, source = x, into = dx; k < classes; k++, source += step, into += step) {
    const x4 = loadSome(source, n);
    const e = exp(f32x4.sub(x4, largest));
    chosen = v128.bitselect(x4, chosen, i32x4.eq(label4, i32x4.splat(k)));
    lower = f64x2.add(lower, lowerPair(e));
    upper = f64x2.add(upper, upperPair(e));
    if (dx) storeSome(into, e, n);
  }
  if (dx) {
    const scales = f64x2.splat(scale);
    const factor = fromPairs(f64x2.div(scales, lower), f64x2.div(scales, upper));
    for (let k = 0, into = dx; k < classes; k++, into += step) {
      const isLabel = i32x4.eq(label4, i32x4.splat(k));
      const share = f32x4.mul(loadSome(into, n), factor);
      const gradient = f32x4.sub(share, v128.and(isLabel, f32x4.splat(scale)));
      storeSome(into, v128.and(gradient, counted), n);
    }
  }
  return v128.and(f32x4.add(logOfTotals(lower, upper), f32x4.sub(largest, chosen)), counted);
}
