import { double } from "./constants";
import { at } from "./loops";
import { fromPairs } from "./pairs";
import { storeSome } from "./tails";

// Philox4x32-10, four blocks at once: Salmon, Moraes, Dror & Shaw (2011), Parallel random numbers: as easy as 1, 2, 3.
// Block n of the stream is a hash of n under the seed; it gives four words, and two words a draw.

/** The multipliers of Philox. */
const multipliers = memory.data<u32>([0xd2511f53, 0xcd9e8d57]);
/** 2²⁶ and 2⁻⁵³, to make a draw of two words. */
const scales = memory.data<f64>([67108864, 1.1102230246251565e-16]);

/** Of two pairs of 64-bit numbers the upper words, and the lower ones. */
// @ts-ignore: decorator
@inline
function upperWords(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
}

// @ts-ignore: decorator
@inline
function lowerWords(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27);
}

/** What is made of a draw: two words of random bits, of which the first is the upper one. */
@unmanaged
class TwentyFourBits {
  @inline value(upper: v128, lower: v128, p: v128, q: v128, r: v128): v128 {
    return f32x4.mul(f32x4.convert_i32x4_s(i32x4.shr_u(upper, 8)), p);
  }
}

/** Two draws in double precision: 53 bits, in [0, 1). */
// @ts-ignore: decorator
@inline
function draws(upper: v128, lower: v128): v128 {
  const bits = f64x2.mul(f64x2.convert_low_i32x4_u(i32x4.shr_u(upper, 5)), double(scales, 0));
  return f64x2.mul(f64x2.add(bits, f64x2.convert_low_i32x4_u(i32x4.shr_u(lower, 6))), double(scales, 1));
}

// @ts-ignore: decorator
@inline
function lastTwo(x: v128): v128 {
  return i8x16.shuffle(x, x, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
}

/** p + q · draw, p and q in double precision. */
@unmanaged
class Uniform {
  @inline value(upper: v128, lower: v128, p: v128, q: v128, r: v128): v128 {
    const first = f64x2.add(p, f64x2.mul(q, draws(upper, lower)));
    return fromPairs(first, f64x2.add(p, f64x2.mul(q, draws(lastTwo(upper), lastTwo(lower)))));
  }
}

/** q where the draw is below p, in double precision, and r elsewhere. */
@unmanaged
class Threshold {
  @inline value(upper: v128, lower: v128, p: v128, q: v128, r: v128): v128 {
    const first = f64x2.lt(draws(upper, lower), p);
    const second = f64x2.lt(draws(lastTwo(upper), lastTwo(lower)), p);
    const below = i8x16.shuffle(first, second, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27);
    return v128.bitselect(q, r, below);
  }
}

/** `out[i] =` what the class makes of draw i, of which draw 0 begins at word `drawn` of the stream. */
// @ts-ignore: decorator
@inline
function fillWith<F>(out: usize, seed: f64, drawn: f64, p: v128, q: v128, r: v128, from: i32, to: i32): void {
  const f = changetype<F>(0);
  const multiplier0 = v128.load_splat<u32>(multipliers), multiplier1 = v128.load_splat<u32>(multipliers + 4);
  let word = <u64>drawn + 2 * <u64>from;
  while (from < to) {
    // the four words of blocks n to n + 3, n being the block in which `word` is
    const n = word >> 2;
    const low = i32x4.add(i32x4.splat(<i32>n), i32x4(0, 1, 2, 3));
    const carried = v128.not(i32x4.ge_u(low, i32x4.splat(<i32>n)));
    let x0 = low, x1 = i32x4.sub(i32x4.splat(<i32>(n >> 32)), carried);
    let x2 = i32x4.splat(0), x3 = i32x4.splat(0);
    let key0 = <u32>(<u64>seed), key1 = <u32>(<u64>seed >> 32);
    for (let round = 0; round < 10; round++) {
      const a0 = i64x2.extmul_low_i32x4_u(x0, multiplier0), b0 = i64x2.extmul_high_i32x4_u(x0, multiplier0);
      const a1 = i64x2.extmul_low_i32x4_u(x2, multiplier1), b1 = i64x2.extmul_high_i32x4_u(x2, multiplier1);
      x0 = v128.xor(v128.xor(upperWords(a1, b1), x1), i32x4.splat(key0));
      x2 = v128.xor(v128.xor(upperWords(a0, b0), x3), i32x4.splat(key1));
      x1 = lowerWords(a1, b1);
      x3 = lowerWords(a0, b0);
      key0 += 0x9e3779b9;
      key1 += 0xbb67ae85;
    }
    // a draw takes two neighbouring words; at odd ones, every other draw ends in the next block, so that three blocks count
    const odd = (word & 1) == 1;
    const next0 = i8x16.shuffle(x0, x0, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3);
    const first = f.value(odd ? x1 : x0, odd ? x2 : x1, p, q, r);
    const second = f.value(odd ? x3 : x2, odd ? next0 : x3, p, q, r);
    let y0 = i8x16.shuffle(first, second, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
    let y1 = i8x16.shuffle(first, second, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
    const skipped = <i32>(word >> 1) & 1;
    if (skipped) {
      y0 = i8x16.shuffle(y0, y1, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19);
      y1 = i8x16.shuffle(y1, y1, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3);
    }
    const count = min(to - from, (odd ? 6 : 8) - skipped);
    storeSome(at(out, from), y0, count);
    if (count > 4) storeSome(at(out, from + 4), y1, count - 4);
    from += count;
    word += 2 * count;
  }
}

export function rand(out: usize, seed: f64, drawn: f64, from: i32, to: i32): void {
  const unit = f32x4.splat(5.960464477539063e-8); // 2⁻²⁴
  fillWith<TwentyFourBits>(out, seed, drawn, unit, unit, unit, from, to);
}

export function uniform(out: usize, seed: f64, drawn: f64, low: f64, high: f64, from: i32, to: i32): void {
  const lowest = f64x2.splat(low), width = f64x2.splat(high - low);
  fillWith<Uniform>(out, seed, drawn, lowest, width, width, from, to);
}

export function threshold(
  out: usize, seed: f64, drawn: f64, p: f64, below: f32, above: f32, from: i32, to: i32,
): void {
  fillWith<Threshold>(out, seed, drawn, f64x2.splat(p), f32x4.splat(below), f32x4.splat(above), from, to);
}
