import { ones, zeros } from "./constants";
import { at, mapOne, mapOneLong, mapTwo, mapTwoLong } from "./loops";
import { pow } from "./power";
import { madd } from "./simd";

// Functions of a tensor and a plain number, and what adds to a tensor in place.

@unmanaged
class AddScalar {
  @inline value(x: v128, p: v128, q: v128): v128 {
    return f32x4.add(x, p);
  }
}
export function addScalar(x: usize, out: usize, value: f32, from: i32, to: i32): void {
  mapOne<AddScalar>(x, out, f32x4.splat(value), zeros(), from, to);
}

@unmanaged
class SubFromScalar {
  @inline value(x: v128, p: v128, q: v128): v128 {
    return f32x4.sub(p, x);
  }
}
export function subFromScalar(x: usize, out: usize, value: f32, from: i32, to: i32): void {
  mapOne<SubFromScalar>(x, out, f32x4.splat(value), zeros(), from, to);
}

@unmanaged
export class MulScalar {
  @inline value(x: v128, p: v128, q: v128): v128 {
    return f32x4.mul(x, p);
  }
}
export function mulScalar(x: usize, out: usize, value: f32, from: i32, to: i32): void {
  mapOne<MulScalar>(x, out, f32x4.splat(value), zeros(), from, to);
}

@unmanaged
class DivScalar {
  @inline value(x: v128, p: v128, q: v128): v128 {
    return f32x4.div(x, p);
  }
}
export function divScalar(x: usize, out: usize, value: f32, from: i32, to: i32): void {
  mapOne<DivScalar>(x, out, f32x4.splat(value), zeros(), from, to);
}

@unmanaged
class DivIntoScalar {
  @inline value(x: v128, p: v128, q: v128): v128 {
    return f32x4.div(p, x);
  }
}
export function divIntoScalar(x: usize, out: usize, value: f32, from: i32, to: i32): void {
  mapOne<DivIntoScalar>(x, out, f32x4.splat(value), zeros(), from, to);
}

@unmanaged
class Square {
  @inline value(x: v128, p: v128, q: v128): v128 {
    return f32x4.mul(x, x);
  }
}
@unmanaged
class Cube {
  @inline value(x: v128, p: v128, q: v128): v128 {
    return f32x4.mul(f32x4.mul(x, x), x);
  }
}
@unmanaged
class AnyPower {
  @inline value(x: v128, p: v128, q: v128): v128 {
    return pow(x, p);
  }
}
export function powScalar(x: usize, out: usize, value: f32, from: i32, to: i32): void {
  const exponent = f32x4.splat(value);
  if (value == 2) mapOne<Square>(x, out, exponent, zeros(), from, to);
  else if (value == 3) mapOne<Cube>(x, out, exponent, zeros(), from, to);
  else if (value == -1) mapOne<DivIntoScalar>(x, out, ones(), zeros(), from, to);
  else mapOneLong<AnyPower>(x, out, exponent, zeros(), from, to);
}

@unmanaged
class SquareBackward {
  @inline value(g: v128, x: v128, p: v128, q: v128): v128 {
    return f32x4.mul(g, f32x4.add(x, x));
  }
}
@unmanaged
class CubeBackward {
  @inline value(g: v128, x: v128, p: v128, q: v128): v128 {
    return f32x4.mul(g, f32x4.mul(p, f32x4.mul(x, x)));
  }
}
@unmanaged
class AnyPowerBackward {
  @inline value(g: v128, x: v128, p: v128, q: v128): v128 {
    return f32x4.mul(g, f32x4.mul(p, pow(x, q)));
  }
}
export function powScalarBackward(g: usize, x: usize, dx: usize, value: f32, from: i32, to: i32): void {
  const exponent = f32x4.splat(value);
  if (value == 0) fill(dx, 0, from, to);
  else if (value == 2) mapTwo<SquareBackward>(g, x, dx, exponent, zeros(), from, to);
  else if (value == 3) mapTwo<CubeBackward>(g, x, dx, exponent, zeros(), from, to);
  else mapTwoLong<AnyPowerBackward>(g, x, dx, exponent, f32x4.splat(value - 1), from, to);
}

@unmanaged
class AddScaled {
  @inline value(x: v128, out: v128, p: v128, q: v128): v128 {
    return madd(x, p, out);
  }
}
export function addScaled(x: usize, out: usize, value: f32, from: i32, to: i32): void {
  mapTwo<AddScaled>(x, out, out, f32x4.splat(value), zeros(), from, to);
}

export function fill(out: usize, value: f32, from: i32, to: i32): void {
  let n = to - from;
  out = at(out, from);
  const four = f32x4.splat(value);
  for (; n >= 4; n -= 4, out += 16) v128.store(out, four);
  for (; n > 0; n--, out += 4) store<f32>(out, value);
}
