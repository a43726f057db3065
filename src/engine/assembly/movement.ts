import { at } from "./loops";
import { loadSome, storeSome } from "./tails";

// Copies: strided, transposed, row by row.

/** Copies n numbers; the places must not overlap. */
// @ts-ignore: decorator
@inline
function copyRow(from: usize, to: usize, n: i32): void {
  if (n > 256) {
    memory.copy(to, from, <usize>n << 2);
    return;
  }
  for (; n >= 4; n -= 4, from += 16, to += 16) v128.store(to, v128.load(from));
  for (; n > 0; n--, from += 4, to += 4) store<f32>(to, load<f32>(from));
}

/** What becomes of a row of n numbers on one side, contiguous, and one on the other, `step` bytes apart. */
@unmanaged
class Read {
  @inline row(contiguous: usize, strided: usize, step: usize, n: i32): void {
    if (step == 4) copyRow(strided, contiguous, n);
    else if (step == 0) fillRow(contiguous, load<f32>(strided), n);
    else for (; n > 0; n--, contiguous += 4, strided += step) store<f32>(contiguous, load<f32>(strided));
  }
}

@unmanaged
class Assign {
  @inline row(contiguous: usize, strided: usize, step: usize, n: i32): void {
    if (step == 4) copyRow(contiguous, strided, n);
    else for (; n > 0; n--, contiguous += 4, strided += step) store<f32>(strided, load<f32>(contiguous));
  }
}

@unmanaged
class Add {
  @inline row(contiguous: usize, strided: usize, step: usize, n: i32): void {
    if (step == 4) addRow(contiguous, strided, n);
    else {
      for (; n > 0; n--, contiguous += 4, strided += step) {
        store<f32>(strided, load<f32>(strided) + load<f32>(contiguous));
      }
    }
  }
}

function fillRow(to: usize, value: f32, n: i32): void {
  for (; n >= 4; n -= 4, to += 16) v128.store(to, f32x4.splat(value));
  for (; n > 0; n--, to += 4) store<f32>(to, value);
}

function addRow(from: usize, to: usize, n: i32): void {
  for (; n > 0; n -= 4, from += 16, to += 16) {
    storeSome(to, f32x4.add(loadSome(to, n), loadSome(from, n)), n);
  }
}

/** Goes through rows `from` to `to` of the sizes and strides in `layout`, all axes but the last counting as one. */
// @ts-ignore: decorator
@inline
function eachRow<M>(contiguous: usize, strided: usize, layout: usize, rank: i32, from: i32, to: i32): void {
  const m = changetype<M>(0);
  const strides = at(layout, rank);
  const n = load<i32>(at(layout, rank - 1));
  const step = load<i32>(at(strides, rank - 1)) << 2;
  // the axis before the last is counted along; where its rows begin is worked out for each round
  const round = rank > 1 ? load<i32>(at(layout, rank - 2)) : 1;
  const roundStep = rank > 1 ? load<i32>(at(strides, rank - 2)) << 2 : 0;
  for (let row = from; row < to; ) {
    let index = row / round;
    let start = strided + (row - index * round) * roundStep;
    for (let axis = rank - 3; axis >= 0; axis--) {
      const size = load<i32>(at(layout, axis));
      start += ((index % size) * load<i32>(at(strides, axis))) << 2;
      index /= size;
    }
    const end = min(to, row - (row % round) + round);
    for (; row < end; row++, start += roundStep) m.row(at(contiguous, row * n), start, step, n);
  }
}

export function stridedCopy(x: usize, out: usize, layout: usize, rank: i32, from: i32, to: i32): void {
  eachRow<Read>(out, x, layout, rank, from, to);
}

export function stridedAssign(x: usize, out: usize, layout: usize, rank: i32, from: i32, to: i32): void {
  eachRow<Assign>(x, out, layout, rank, from, to);
}

export function stridedAdd(x: usize, out: usize, layout: usize, rank: i32, from: i32, to: i32): void {
  eachRow<Add>(x, out, layout, rank, from, to);
}

export function transpose(x: usize, out: usize, rows: i32, columns: i32, from: i32, to: i32): void {
  const bands = (columns + 3) >> 2;
  const step: usize = <usize>columns << 2;
  for (let band = from; band < to; band++) {
    const matrix = (band / bands) * rows * columns;
    const column = (band % bands) << 2;
    const width = min(4, columns - column);
    let source = at(x, matrix + column);
    let into = at(out, matrix + column * rows);
    const outStep: usize = <usize>rows << 2;
    let left = rows;
    if (width == 4) {
      for (; left >= 4; left -= 4, source += 4 * step, into += 16) transposeTile(source, step, into, outStep);
    }
    for (; left > 0; left--, source += step, into += 4) {
      for (let k = 0; k < width; k++) store<f32>(into + k * outStep, load<f32>(at(source, k)));
    }
  }
}

// @ts-ignore: decorator
@inline
function transposeTile(x: usize, step: usize, out: usize, outStep: usize): void {
  const a = v128.load(x), b = v128.load(x + step), c = v128.load(x + 2 * step), d = v128.load(x + 3 * step);
  const ab0 = i8x16.shuffle(a, b, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
  const ab1 = i8x16.shuffle(a, b, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
  const cd0 = i8x16.shuffle(c, d, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
  const cd1 = i8x16.shuffle(c, d, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
  v128.store(out, i8x16.shuffle(ab0, cd0, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23));
  v128.store(out + outStep, i8x16.shuffle(ab0, cd0, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31));
  v128.store(out + 2 * outStep, i8x16.shuffle(ab1, cd1, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23));
  v128.store(out + 3 * outStep, i8x16.shuffle(ab1, cd1, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31));
}

export function copyRows(x: usize, out: usize, width: i32, xStride: i32, outStride: i32, from: i32, to: i32): void {
  for (let row = from; row < to; row++) copyRow(at(x, row * xStride), at(out, row * outStride), width);
}

export function gatherRows(x: usize, indices: usize, out: usize, width: i32, from: i32, to: i32): void {
  for (let row = from; row < to; row++) {
    copyRow(at(x, load<i32>(at(indices, row)) * width), at(out, row * width), width);
  }
}

export function scatterAddRows(
  g: usize, indices: usize, out: usize, count: i32, width: i32, from: i32, to: i32,
): void {
  for (let row = 0; row < count; row++) {
    addRow(at(g, row * width + from), at(out, load<i32>(at(indices, row)) * width + from), to - from);
  }
}
