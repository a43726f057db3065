import { tapBytes } from "./conv-panels";
import { madd } from "./simd";

// A tile is the sums of 4 planes of the gradient times 2 of the input, or, where only one or two filters are left, of 2
// times 4: eight vectors, whose lanes are added up at the end.

/** Bytes of all tiles of so many filters of so many elements. */
export function sumsBytes(filters: i32, taps: i32): i32 {
  const pairs = (taps + 1) >> 1;
  return 128 * ((filters + 3) >> 2) * pairs;
}

/** `sums [4, 2] += Σ g x` over so many images, `imageStep` bytes apart, `length` bytes of each plane. */
// @ts-ignore: decorator
@inline
function fourByTwo(
  sums: usize, images: i32, imageStep: usize, length: usize,
  g0: usize, g1: usize, g2: usize, g3: usize, x0: usize, x1: usize,
): void {
  let s00 = f32x4.splat(0), s01 = f32x4.splat(0), s10 = f32x4.splat(0), s11 = f32x4.splat(0);
  let s20 = f32x4.splat(0), s21 = f32x4.splat(0), s30 = f32x4.splat(0), s31 = f32x4.splat(0);
  const gap = imageStep - length;
  for (; images > 0; images--) {
    for (const end = g0 + length; g0 != end; g0 += 16) {
      const a = v128.load(x0);
      x0 += 16;
      const b = v128.load(x1);
      x1 += 16;
      let g = v128.load(g0);
      s00 = madd(g, a, s00);
      s01 = madd(g, b, s01);
      g = v128.load(g1);
      g1 += 16;
      s10 = madd(g, a, s10);
      s11 = madd(g, b, s11);
      g = v128.load(g2);
      g2 += 16;
      s20 = madd(g, a, s20);
      s21 = madd(g, b, s21);
      g = v128.load(g3);
      g3 += 16;
      s30 = madd(g, a, s30);
      s31 = madd(g, b, s31);
    }
    g0 += gap;
    g1 += gap;
    g2 += gap;
    g3 += gap;
    x0 += gap;
    x1 += gap;
  }
  add(sums, s00);
  add(sums + 16, s10);
  add(sums + 32, s20);
  add(sums + 48, s30);
  add(sums + 64, s01);
  add(sums + 80, s11);
  add(sums + 96, s21);
  add(sums + 112, s31);
}

/** `sums [2, 4] += Σ g x`. */
// @ts-ignore: decorator
@inline
function twoByFour(
  sums: usize, images: i32, imageStep: usize, length: usize,
  g0: usize, g1: usize, x0: usize, x1: usize, x2: usize, x3: usize,
): void {
  let s00 = f32x4.splat(0), s01 = f32x4.splat(0), s02 = f32x4.splat(0), s03 = f32x4.splat(0);
  let s10 = f32x4.splat(0), s11 = f32x4.splat(0), s12 = f32x4.splat(0), s13 = f32x4.splat(0);
  const gap = imageStep - length;
  for (; images > 0; images--) {
    for (const end = g0 + length; g0 != end; g0 += 16) {
      const a = v128.load(g0);
      const b = v128.load(g1);
      g1 += 16;
      let x = v128.load(x0);
      x0 += 16;
      s00 = madd(a, x, s00);
      s10 = madd(b, x, s10);
      x = v128.load(x1);
      x1 += 16;
      s01 = madd(a, x, s01);
      s11 = madd(b, x, s11);
      x = v128.load(x2);
      x2 += 16;
      s02 = madd(a, x, s02);
      s12 = madd(b, x, s12);
      x = v128.load(x3);
      x3 += 16;
      s03 = madd(a, x, s03);
      s13 = madd(b, x, s13);
    }
    g0 += gap;
    g1 += gap;
    x0 += gap;
    x1 += gap;
    x2 += gap;
    x3 += gap;
  }
  add(sums, s00);
  add(sums + 16, s01);
  add(sums + 32, s02);
  add(sums + 48, s03);
  add(sums + 64, s10);
  add(sums + 80, s11);
  add(sums + 96, s12);
  add(sums + 112, s13);
}

function add(to: usize, x: v128): void {
  v128.store(to, f32x4.add(v128.load(to), x));
}

/**
 * Adds to the tiles of `sums` the products of all filters' planes, `plane` bytes apart, with the planes that a list of taps
 * leads to from `input` on.
 */
export function addTiles(
  sums: usize, gradients: usize, filters: i32, plane: usize, input: usize, list: usize, taps: i32,
  images: i32, imageStep: usize, length: usize,
): void {
  for (let o = 0; o < filters; o += 4) {
    const left = filters - o;
    const g0 = gradients + o * plane;
    // Planes that are not there are read from the first one, and dropped.
    const g1 = left > 1 ? g0 + plane : g0;
    const g2 = left > 2 ? g1 + plane : g0;
    const g3 = left > 3 ? g2 + plane : g0;
    for (let tap = 0; tap < taps; ) {
      const at = list + tapBytes * tap;
      const rest = taps - tap;
      const x0 = input + load<i32>(at);
      const x1 = rest > 1 ? input + load<i32>(at, tapBytes) : x0;
      if (left > 2) {
        fourByTwo(sums, images, imageStep, length, g0, g1, g2, g3, x0, x1);
        tap += 2;
      } else {
        const x2 = rest > 2 ? input + load<i32>(at, 2 * tapBytes) : x0;
        const x3 = rest > 3 ? input + load<i32>(at, 3 * tapBytes) : x0;
        twoByFour(sums, images, imageStep, length, g0, g1, x0, x1, x2, x3);
        tap += 4;
      }
      sums += 128;
    }
  }
}

/** `weights [filters, taps]` from all tiles. */
export function takeSums(weights: usize, sums: usize, filters: i32, taps: i32): void {
  for (let o = 0; o < filters; o += 4) {
    const many = min(4, filters - o);
    for (let tap = 0; tap < taps; ) {
      const at = weights + 4 * (o * taps + tap);
      const left = taps - tap;
      if (many > 2) {
        putColumn(at, taps, laneSums(sums), many);
        if (left > 1) putColumn(at + 4, taps, laneSums(sums + 64), many);
        tap += 2;
      } else {
        putColumn(at, 1, laneSums(sums), min(4, left));
        if (many > 1) putColumn(at + 4 * taps, 1, laneSums(sums + 64), min(4, left));
        tap += 4;
      }
      sums += 128;
    }
  }
}

/** The sums of the lanes of four vectors. */
function laneSums(from: usize): v128 {
  const a = v128.load(from), b = v128.load(from, 16), c = v128.load(from, 32), d = v128.load(from, 48);
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 1, 4, 5), v128.shuffle<f32>(a, b, 2, 3, 6, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 1, 4, 5), v128.shuffle<f32>(c, d, 2, 3, 6, 7));
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 2, 4, 6), v128.shuffle<f32>(ab, cd, 1, 3, 5, 7));
}

/** The first `count` lanes, `step` elements apart. */
function putColumn(to: usize, step: i32, x: v128, count: i32): void {
  store<f32>(to, f32x4.extract_lane(x, 0));
  if (count > 1) store<f32>(to + 4 * step, f32x4.extract_lane(x, 1));
  if (count > 2) store<f32>(to + 8 * step, f32x4.extract_lane(x, 2));
  if (count > 3) store<f32>(to + 12 * step, f32x4.extract_lane(x, 3));
}
