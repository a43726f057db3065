import { madd, sumLanes } from "./simd";

/**
 * `c [n] (+)= a [k] · b [k, n]`, where `b` has its rows or its columns in one piece. Each number's bits are the same when n
 * is divided after a multiple of four.
 */
export function rowTimesMatrix(
  c: usize, a: usize, aStep: i32, b: usize, bRow: i32, bColumn: i32, n: i32, k: i32, adding: i32,
): void {
  let j = 0;
  if (bColumn == 1) {
    for (; j + 16 <= n; j += 16) sixteenColumns(c + 4 * j, a, 4 * aStep, b + 4 * j, 4 * bRow, k, adding);
    for (; j + 4 <= n; j += 4) fourColumns(c + 4 * j, a, 4 * aStep, b + 4 * j, 4 * bRow, k, adding);
    for (; j < n; j++) oneColumn(c + 4 * j, a, aStep, b + 4 * j, bRow, k, adding);
  } else if (aStep == 1) {
    for (; j + 4 <= n; j += 4) fourRows(c + 4 * j, a, b + 4 * j * bColumn, 4 * bColumn, k, adding);
    for (; j < n; j++) oneColumn(c + 4 * j, a, 1, b + 4 * j * bColumn, 1, k, adding);
  } else {
    for (; j < n; j++) oneColumn(c + 4 * j, a, aStep, b + 4 * j * bColumn, 1, k, adding);
  }
}

function sixteenColumns(c: usize, a: usize, aStep: usize, b: usize, bStep: usize, k: i32, adding: i32): void {
  // Two sums for each column, so that no addition has to wait for the one before.
  let even0 = f32x4.splat(0), even1 = f32x4.splat(0), even2 = f32x4.splat(0), even3 = f32x4.splat(0);
  let odd0 = f32x4.splat(0), odd1 = f32x4.splat(0), odd2 = f32x4.splat(0), odd3 = f32x4.splat(0);
  for (; k >= 2; k -= 2) {
    let x = v128.load_splat<f32>(a);
    even0 = madd(x, v128.load(b), even0);
    even1 = madd(x, v128.load(b, 16), even1);
    even2 = madd(x, v128.load(b, 32), even2);
    even3 = madd(x, v128.load(b, 48), even3);
    a += aStep;
    b += bStep;
    x = v128.load_splat<f32>(a);
    odd0 = madd(x, v128.load(b), odd0);
    odd1 = madd(x, v128.load(b, 16), odd1);
    odd2 = madd(x, v128.load(b, 32), odd2);
    odd3 = madd(x, v128.load(b, 48), odd3);
    a += aStep;
    b += bStep;
  }
  if (k) {
    const x = v128.load_splat<f32>(a);
    even0 = madd(x, v128.load(b), even0);
    even1 = madd(x, v128.load(b, 16), even1);
    even2 = madd(x, v128.load(b, 32), even2);
    even3 = madd(x, v128.load(b, 48), even3);
  }
  put(c, f32x4.add(even0, odd0), adding);
  put(c + 16, f32x4.add(even1, odd1), adding);
  put(c + 32, f32x4.add(even2, odd2), adding);
  put(c + 48, f32x4.add(even3, odd3), adding);
}

/** In the same order as {@link sixteenColumns}. */
function fourColumns(c: usize, a: usize, aStep: usize, b: usize, bStep: usize, k: i32, adding: i32): void {
  let even = f32x4.splat(0), odd = f32x4.splat(0);
  for (; k >= 2; k -= 2) {
    even = madd(v128.load_splat<f32>(a), v128.load(b), even);
    odd = madd(v128.load_splat<f32>(a + aStep), v128.load(b + bStep), odd);
    a += 2 * aStep;
    b += 2 * bStep;
  }
  if (k) even = madd(v128.load_splat<f32>(a), v128.load(b), even);
  put(c, f32x4.add(even, odd), adding);
}

/** The products of one row with four, all of them in one piece. */
function fourRows(c: usize, a: usize, b0: usize, bStep: usize, k: i32, adding: i32): void {
  let b1 = b0 + bStep;
  let b2 = b1 + bStep;
  let b3 = b2 + bStep;
  let even0 = f32x4.splat(0), even1 = f32x4.splat(0), even2 = f32x4.splat(0), even3 = f32x4.splat(0);
  let odd0 = f32x4.splat(0), odd1 = f32x4.splat(0), odd2 = f32x4.splat(0), odd3 = f32x4.splat(0);
  for (; k >= 8; k -= 8) {
    let x = v128.load(a);
    even0 = madd(x, v128.load(b0), even0);
    even1 = madd(x, v128.load(b1), even1);
    even2 = madd(x, v128.load(b2), even2);
    even3 = madd(x, v128.load(b3), even3);
    x = v128.load(a, 16);
    odd0 = madd(x, v128.load(b0, 16), odd0);
    odd1 = madd(x, v128.load(b1, 16), odd1);
    odd2 = madd(x, v128.load(b2, 16), odd2);
    odd3 = madd(x, v128.load(b3, 16), odd3);
    a += 32;
    b0 += 32;
    b1 += 32;
    b2 += 32;
    b3 += 32;
  }
  let s0 = sumLanes(f32x4.add(even0, odd0));
  let s1 = sumLanes(f32x4.add(even1, odd1));
  let s2 = sumLanes(f32x4.add(even2, odd2));
  let s3 = sumLanes(f32x4.add(even3, odd3));
  for (let p = 0; p < k; p++) {
    const x = load<f32>(a + 4 * p);
    s0 += x * load<f32>(b0 + 4 * p);
    s1 += x * load<f32>(b1 + 4 * p);
    s2 += x * load<f32>(b2 + 4 * p);
    s3 += x * load<f32>(b3 + 4 * p);
  }
  put(c, f32x4(s0, s1, s2, s3), adding);
}

function oneColumn(c: usize, a: usize, aStep: i32, b: usize, bStep: i32, k: i32, adding: i32): void {
  let sum: f32 = 0;
  for (let p = 0; p < k; p++) sum += load<f32>(a + 4 * p * aStep) * load<f32>(b + 4 * p * bStep);
  store<f32>(c, adding ? load<f32>(c) + sum : sum);
}

function put(c: usize, x: v128, adding: i32): void {
  v128.store(c, adding ? f32x4.add(v128.load(c), x) : x);
}
