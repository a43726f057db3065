import { constant, halves, ones, signOfNumber, zeros } from "./constants";
import { gaussian, normalDistribution } from "./error-function";
import { mapTwo, mapTwoLong } from "./loops";
import { exp, sigmoid } from "./math";
import { cos, sin } from "./trigonometry";

// The gradients of the functions in unary.ts: from g and x, or from g and the function's own value `out`.

/** 2/√π, and 1/√2π. */
const densities = memory.data<f32>([1.1283791670955126, 0.3989422804014327]);

@unmanaged
class AbsBackward {
  @inline value(g: v128, x: v128, p: v128, q: v128): v128 {
    return f32x4.mul(g, signOfNumber(x));
  }
}
export function absBackward(g: usize, x: usize, dx: usize, from: i32, to: i32): void {
  mapTwo<AbsBackward>(g, x, dx, zeros(), zeros(), from, to);
}

@unmanaged
class SqrtBackward {
  @inline value(g: v128, out: v128, p: v128, q: v128): v128 {
    return f32x4.div(g, f32x4.add(out, out));
  }
}
export function sqrtBackward(g: usize, out: usize, dx: usize, from: i32, to: i32): void {
  mapTwo<SqrtBackward>(g, out, dx, zeros(), zeros(), from, to);
}

@unmanaged
class RsqrtBackward {
  @inline value(g: v128, out: v128, p: v128, q: v128): v128 {
    return f32x4.neg(f32x4.mul(f32x4.mul(g, halves()), f32x4.mul(out, f32x4.mul(out, out))));
  }
}
export function rsqrtBackward(g: usize, out: usize, dx: usize, from: i32, to: i32): void {
  mapTwo<RsqrtBackward>(g, out, dx, zeros(), zeros(), from, to);
}

@unmanaged
class Expm1Backward {
  @inline value(g: v128, out: v128, p: v128, q: v128): v128 {
    return f32x4.mul(g, f32x4.add(out, ones()));
  }
}
export function expm1Backward(g: usize, out: usize, dx: usize, from: i32, to: i32): void {
  mapTwo<Expm1Backward>(g, out, dx, zeros(), zeros(), from, to);
}

@unmanaged
class Log1pBackward {
  @inline value(g: v128, x: v128, p: v128, q: v128): v128 {
    return f32x4.div(g, f32x4.add(x, ones()));
  }
}
export function log1pBackward(g: usize, x: usize, dx: usize, from: i32, to: i32): void {
  mapTwo<Log1pBackward>(g, x, dx, zeros(), zeros(), from, to);
}

@unmanaged
class SinBackward {
  @inline value(g: v128, x: v128, p: v128, q: v128): v128 {
    return f32x4.mul(g, cos(x));
  }
}
export function sinBackward(g: usize, x: usize, dx: usize, from: i32, to: i32): void {
  mapTwoLong<SinBackward>(g, x, dx, zeros(), zeros(), from, to);
}

@unmanaged
class CosBackward {
  @inline value(g: v128, x: v128, p: v128, q: v128): v128 {
    return f32x4.neg(f32x4.mul(g, sin(x)));
  }
}
export function cosBackward(g: usize, x: usize, dx: usize, from: i32, to: i32): void {
  mapTwoLong<CosBackward>(g, x, dx, zeros(), zeros(), from, to);
}

@unmanaged
class TanBackward {
  @inline value(g: v128, out: v128, p: v128, q: v128): v128 {
    return f32x4.mul(g, f32x4.add(f32x4.mul(out, out), ones()));
  }
}
export function tanBackward(g: usize, out: usize, dx: usize, from: i32, to: i32): void {
  mapTwo<TanBackward>(g, out, dx, zeros(), zeros(), from, to);
}

@unmanaged
class TanhBackward {
  @inline value(g: v128, out: v128, p: v128, q: v128): v128 {
    return f32x4.mul(g, f32x4.sub(ones(), f32x4.mul(out, out)));
  }
}
export function tanhBackward(g: usize, out: usize, dx: usize, from: i32, to: i32): void {
  mapTwo<TanhBackward>(g, out, dx, zeros(), zeros(), from, to);
}

@unmanaged
class SigmoidBackward {
  @inline value(g: v128, out: v128, p: v128, q: v128): v128 {
    return f32x4.mul(g, f32x4.mul(out, f32x4.sub(ones(), out)));
  }
}
export function sigmoidBackward(g: usize, out: usize, dx: usize, from: i32, to: i32): void {
  mapTwo<SigmoidBackward>(g, out, dx, zeros(), zeros(), from, to);
}

@unmanaged
class SoftplusBackward {
  @inline value(g: v128, x: v128, p: v128, q: v128): v128 {
    return f32x4.mul(g, sigmoid(x));
  }
}
export function softplusBackward(g: usize, x: usize, dx: usize, from: i32, to: i32): void {
  mapTwoLong<SoftplusBackward>(g, x, dx, zeros(), zeros(), from, to);
}

@unmanaged
class ErfBackward {
  @inline value(g: v128, x: v128, p: v128, q: v128): v128 {
    return f32x4.mul(g, f32x4.mul(exp(f32x4.neg(f32x4.mul(x, x))), constant(densities, 0)));
  }
}
export function erfBackward(g: usize, x: usize, dx: usize, from: i32, to: i32): void {
  mapTwoLong<ErfBackward>(g, x, dx, zeros(), zeros(), from, to);
}

@unmanaged
class ReluBackward {
  @inline value(g: v128, x: v128, p: v128, q: v128): v128 {
    return v128.and(g, f32x4.gt(x, zeros()));
  }
}
export function reluBackward(g: usize, x: usize, dx: usize, from: i32, to: i32): void {
  mapTwo<ReluBackward>(g, x, dx, zeros(), zeros(), from, to);
}

@unmanaged
class GeluBackward {
  @inline value(g: v128, x: v128, p: v128, q: v128): v128 {
    const density = gaussian(x);
    const slope = f32x4.mul(f32x4.mul(x, density), constant(densities, 1));
    return f32x4.mul(g, f32x4.add(normalDistribution(x, density), slope));
  }
}
export function geluBackward(g: usize, x: usize, dx: usize, from: i32, to: i32): void {
  mapTwoLong<GeluBackward>(g, x, dx, zeros(), zeros(), from, to);
}

@unmanaged
class SiluBackward {
  @inline value(g: v128, x: v128, p: v128, q: v128): v128 {
    const s = sigmoid(x);
    return f32x4.mul(g, f32x4.mul(s, f32x4.add(f32x4.mul(x, f32x4.sub(ones(), s)), ones())));
  }
}
export function siluBackward(g: usize, x: usize, dx: usize, from: i32, to: i32): void {
  mapTwoLong<SiluBackward>(g, x, dx, zeros(), zeros(), from, to);
}

@unmanaged
class LeakyReluBackward {
  @inline value(g: v128, x: v128, p: v128, q: v128): v128 {
    return v128.bitselect(g, f32x4.mul(g, p), f32x4.gt(x, zeros()));
  }
}
export function leakyReluBackward(g: usize, x: usize, dx: usize, value: f32, from: i32, to: i32): void {
  mapTwo<LeakyReluBackward>(g, x, dx, f32x4.splat(value), zeros(), from, to);
}

@unmanaged
class EluBackward {
  @inline value(g: v128, x: v128, p: v128, q: v128): v128 {
    // above 0, the exponent is held at 0, where it cannot overflow
    const below = f32x4.mul(g, f32x4.mul(p, exp(f32x4.pmin(x, zeros()))));
    return v128.bitselect(g, below, f32x4.gt(x, zeros()));
  }
}
export function eluBackward(g: usize, x: usize, dx: usize, value: f32, from: i32, to: i32): void {
  mapTwoLong<EluBackward>(g, x, dx, f32x4.splat(value), zeros(), from, to);
}

@unmanaged
class ClampBackward {
  @inline value(g: v128, x: v128, p: v128, q: v128): v128 {
    return v128.and(g, v128.and(f32x4.ge(x, p), f32x4.le(x, q)));
  }
}
export function clampBackward(g: usize, x: usize, dx: usize, min: f32, max: f32, from: i32, to: i32): void {
  mapTwo<ClampBackward>(g, x, dx, f32x4.splat(min), f32x4.splat(max), from, to);
}

@unmanaged
class HardtanhBackward {
  @inline value(g: v128, x: v128, p: v128, q: v128): v128 {
    return v128.and(g, v128.and(f32x4.gt(x, p), f32x4.lt(x, q)));
  }
}
export function hardtanhBackward(
  g: usize,
  x: usize,
  dx: usize,
  min: f32,
  max: f32,
  from: i32,
  to: i32,
): void {
  mapTwo<HardtanhBackward>(g, x, dx, f32x4.splat(min), f32x4.splat(max), from, to);
}
