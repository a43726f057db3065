// The transforms of F(2 × 2, 3 × 3). Tiles are worked on four at a time, one in each lane; a tile's 16 numbers go to 16
// planes. Lavin & Gray (2016), Fast algorithms for convolutional neural networks, §4.1.

/**
 * `V = Bᵀ d B` of four tiles side by side: d [4, 4] begins at every second element of four rows, `row` bytes apart, from
 * `from` on. Element (i, j) of V goes to `to + (4 i + j) plane`.
 */
export function transformInput(to: usize, plane: usize, from: usize, row: usize): void {
  const row1 = from + row;
  const row2 = row1 + row;
  const row3 = row2 + row;
  differences(to, plane, from, row2);
  sums(to + 4 * plane, plane, row1, row2);
  differences(to + 8 * plane, plane, row2, row1);
  differences(to + 12 * plane, plane, row1, row3);
}

function differences(to: usize, plane: usize, a: usize, b: usize): void {
  acrossColumns(
    to, plane,
    f32x4.sub(v128.load(a), v128.load(b)), f32x4.sub(v128.load(a, 16), v128.load(b, 16)),
    f32x4.sub(v128.load(a, 8), v128.load(b, 8)), f32x4.sub(v128.load(a, 24), v128.load(b, 24)),
  );
}

function sums(to: usize, plane: usize, a: usize, b: usize): void {
  acrossColumns(
    to, plane,
    f32x4.add(v128.load(a), v128.load(b)), f32x4.add(v128.load(a, 16), v128.load(b, 16)),
    f32x4.add(v128.load(a, 8), v128.load(b, 8)), f32x4.add(v128.load(a, 24), v128.load(b, 24)),
  );
}

/** One row of four tiles: elements 0 to 7 of the row, and 2 to 9. */
function acrossColumns(to: usize, plane: usize, x0: v128, x4: v128, x2: v128, x6: v128): void {
  const d0 = v128.shuffle<f32>(x0, x4, 0, 2, 4, 6);
  const d1 = v128.shuffle<f32>(x0, x4, 1, 3, 5, 7);
  const d2 = v128.shuffle<f32>(x2, x6, 0, 2, 4, 6);
  const d3 = v128.shuffle<f32>(x2, x6, 1, 3, 5, 7);
  v128.store(to, f32x4.sub(d0, d2));
  v128.store(to + plane, f32x4.add(d1, d2));
  v128.store(to + 2 * plane, f32x4.sub(d2, d1));
  v128.store(to + 3 * plane, f32x4.sub(d1, d3));
}

/**
 * `Y = Aᵀ M A` of four tiles: eight numbers of a row of the output go to `upper`, eight of the next one to `lower`. Element
 * (i, j) of M comes from `from + (4 i + j) plane`.
 */
export function transformOutput(upper: usize, lower: usize, from: usize, plane: usize): void {
  let m0 = v128.load(from), m1 = v128.load(from + 4 * plane);
  let m2 = v128.load(from + 8 * plane), m3 = v128.load(from + 12 * plane);
  let y00 = f32x4.add(f32x4.add(m0, m1), m2);
  let y10 = f32x4.sub(f32x4.sub(m1, m2), m3);
  from += plane;
  m0 = v128.load(from), m1 = v128.load(from + 4 * plane);
  m2 = v128.load(from + 8 * plane), m3 = v128.load(from + 12 * plane);
  let y01 = f32x4.add(f32x4.add(m0, m1), m2);
  let y11 = f32x4.sub(f32x4.sub(m1, m2), m3);
  y00 = f32x4.add(y00, y01);
  y10 = f32x4.add(y10, y11);
  from += plane;
  m0 = v128.load(from), m1 = v128.load(from + 4 * plane);
  m2 = v128.load(from + 8 * plane), m3 = v128.load(from + 12 * plane);
  const t0 = f32x4.add(f32x4.add(m0, m1), m2);
  const t1 = f32x4.sub(f32x4.sub(m1, m2), m3);
  y00 = f32x4.add(y00, t0);
  y10 = f32x4.add(y10, t1);
  y01 = f32x4.sub(y01, t0);
  y11 = f32x4.sub(y11, t1);
  from += plane;
  m0 = v128.load(from), m1 = v128.load(from + 4 * plane);
  m2 = v128.load(from + 8 * plane), m3 = v128.load(from + 12 * plane);
  y01 = f32x4.sub(y01, f32x4.add(f32x4.add(m0, m1), m2));
  y11 = f32x4.sub(y11, f32x4.sub(f32x4.sub(m1, m2), m3));
  v128.store(upper, v128.shuffle<f32>(y00, y01, 0, 4, 1, 5));
  v128.store(upper, v128.shuffle<f32>(y00, y01, 2, 6, 3, 7), 16);
  v128.store(lower, v128.shuffle<f32>(y10, y11, 0, 4, 1, 5));
  v128.store(lower, v128.shuffle<f32>(y10, y11, 2, 6, 3, 7), 16);
}

/**
 * `U = G w Gᵀ` of four filters, `step` elements apart; each one's nine numbers are `tap` elements apart (1, or −1 from the
 * last one on, for filters that are to be turned round). Element (i, j) of U goes to `to + (4 i + j) plane`.
 */
export function transformFilters(to: usize, plane: usize, weight: usize, step: i32, tap: i32): void {
  const half = f32x4.splat(0.5);
  const row: usize = 12 * tap;
  columnsOfFilter(to, plane, weight, step, tap, half);
  columnsOfFilter(to + 12 * plane, plane, weight + 2 * row, step, tap, half);
  middleRows(to + 4 * plane, plane, weight, step, tap, half);
}

function fourFilters(weight: usize, step: i32): v128 {
  const second = weight + 4 * step;
  const third = second + 4 * step;
  return f32x4(load<f32>(weight), load<f32>(second), load<f32>(third), load<f32>(third + 4 * step));
}

/** The first or the last row of U: a row of w times Gᵀ. */
function columnsOfFilter(to: usize, plane: usize, weight: usize, step: i32, tap: i32, half: v128): void {
  const w0 = fourFilters(weight, step);
  const w1 = fourFilters(weight + 4 * tap, step);
  const w2 = fourFilters(weight + 8 * tap, step);
  putRow(to, plane, w0, w1, w2, half);
}

/** The second and the third row of U: half of the sum of the rows of w, with the middle one added or taken away. */
function middleRows(to: usize, plane: usize, weight: usize, step: i32, tap: i32, half: v128): void {
  const middle = weight + 12 * tap;
  const last = weight + 24 * tap;
  const outer0 = f32x4.mul(half, f32x4.add(fourFilters(weight, step), fourFilters(last, step)));
  const inner0 = f32x4.mul(half, fourFilters(middle, step));
  const outer1 = f32x4.mul(half, f32x4.add(fourFilters(weight + 4 * tap, step), fourFilters(last + 4 * tap, step)));
  const inner1 = f32x4.mul(half, fourFilters(middle + 4 * tap, step));
  const outer2 = f32x4.mul(half, f32x4.add(fourFilters(weight + 8 * tap, step), fourFilters(last + 8 * tap, step)));
  const inner2 = f32x4.mul(half, fourFilters(middle + 8 * tap, step));
  putRow(to, plane, f32x4.add(outer0, inner0), f32x4.add(outer1, inner1), f32x4.add(outer2, inner2), half);
  putRow(
    to + 4 * plane, plane,
    f32x4.sub(outer0, inner0), f32x4.sub(outer1, inner1), f32x4.sub(outer2, inner2), half,
  );
}

function putRow(to: usize, plane: usize, w0: v128, w1: v128, w2: v128, half: v128): void {
  const outer = f32x4.mul(half, f32x4.add(w0, w2));
  const inner = f32x4.mul(half, w1);
  v128.store(to, w0);
  v128.store(to + plane, f32x4.add(outer, inner));
  v128.store(to + 2 * plane, f32x4.sub(outer, inner));
  v128.store(to + 3 * plane, w2);
}

// The weight's gradient goes the same ways backwards: dM = A g Aᵀ, dU = dM Vᵀ summed over all tiles, dw = Gᵀ dU G.

/** `dM = A g Aᵀ` of four tiles: g [2, 2] from eight numbers each of two rows. */
export function transformGradient(to: usize, plane: usize, upper: usize, lower: usize): void {
  const a = v128.load(upper), b = v128.load(upper, 16), c = v128.load(lower), d = v128.load(lower, 16);
  const g00 = v128.shuffle<f32>(a, b, 0, 2, 4, 6), g01 = v128.shuffle<f32>(a, b, 1, 3, 5, 7);
  const g10 = v128.shuffle<f32>(c, d, 0, 2, 4, 6), g11 = v128.shuffle<f32>(c, d, 1, 3, 5, 7);
  spread(to, plane, g00, g01);
  spread(to + 4 * plane, plane, f32x4.add(g00, g10), f32x4.add(g01, g11));
  spread(to + 8 * plane, plane, f32x4.sub(g00, g10), f32x4.sub(g01, g11));
  spread(to + 12 * plane, plane, f32x4.neg(g10), f32x4.neg(g11));
}

function spread(to: usize, plane: usize, x: v128, y: v128): void {
  v128.store(to, x);
  v128.store(to + plane, f32x4.add(x, y));
  v128.store(to + 2 * plane, f32x4.sub(x, y));
  v128.store(to + 3 * plane, f32x4.neg(y));
}

/** `dw = Gᵀ dU G` of four filters next to each other, into nine vectors from `to` on. */
export function transformFilterGradient(to: usize, from: usize, plane: usize): void {
  columnOfGradient(to, from, plane, 0);
  columnOfGradient(to + 16, from, plane, 1);
  columnOfGradient(to + 32, from, plane, 2);
}

/** Column j of dw. */
function columnOfGradient(to: usize, from: usize, plane: usize, j: i32): void {
  const r0 = timesG(from, plane, j);
  const r1 = timesG(from + 4 * plane, plane, j);
  const r2 = timesG(from + 8 * plane, plane, j);
  const r3 = timesG(from + 12 * plane, plane, j);
  const half = f32x4.splat(0.5);
  const middle = f32x4.mul(half, f32x4.add(r1, r2));
  v128.store(to, f32x4.add(r0, middle));
  v128.store(to, f32x4.mul(half, f32x4.sub(r1, r2)), 48);
  v128.store(to, f32x4.add(middle, r3), 96);
}

/** Element j of a row of dU times G. */
function timesG(from: usize, plane: usize, j: i32): v128 {
  const half = f32x4.splat(0.5);
  const u1 = v128.load(from + plane), u2 = v128.load(from + 2 * plane);
  if (j == 1) return f32x4.mul(half, f32x4.sub(u1, u2));
  return f32x4.add(v128.load(j == 0 ? from : from + 3 * plane), f32x4.mul(half, f32x4.add(u1, u2)));
}
