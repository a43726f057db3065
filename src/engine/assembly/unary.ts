import { ones, signOfNumber, zeros } from "./constants";
import { erf as erfOf, gaussian, normalDistribution } from "./error-function";
import { mapOne, mapOneLong } from "./loops";
import * as math from "./math";
import * as trigonometry from "./trigonometry";

// Functions of one tensor, element by element: each a class with the formula, and the kernel that applies it.

@unmanaged
class Neg {
  @inline value(x: v128, p: v128, q: v128): v128 {
    return f32x4.neg(x);
  }
}
export function neg(x: usize, out: usize, from: i32, to: i32): void {
  mapOne<Neg>(x, out, zeros(), zeros(), from, to);
}

@unmanaged
class Abs {
  @inline value(x: v128, p: v128, q: v128): v128 {
    return f32x4.abs(x);
  }
}
export function abs(x: usize, out: usize, from: i32, to: i32): void {
  mapOne<Abs>(x, out, zeros(), zeros(), from, to);
}

@unmanaged
class Sign {
  @inline value(x: v128, p: v128, q: v128): v128 {
    return signOfNumber(x);
  }
}
export function sign(x: usize, out: usize, from: i32, to: i32): void {
  mapOne<Sign>(x, out, zeros(), zeros(), from, to);
}

@unmanaged
class Floor {
  @inline value(x: v128, p: v128, q: v128): v128 {
    return f32x4.floor(x);
  }
}
export function floor(x: usize, out: usize, from: i32, to: i32): void {
  mapOne<Floor>(x, out, zeros(), zeros(), from, to);
}

@unmanaged
class Ceil {
  @inline value(x: v128, p: v128, q: v128): v128 {
    return f32x4.ceil(x);
  }
}
export function ceil(x: usize, out: usize, from: i32, to: i32): void {
  mapOne<Ceil>(x, out, zeros(), zeros(), from, to);
}

@unmanaged
class Round {
  @inline value(x: v128, p: v128, q: v128): v128 {
    return f32x4.nearest(x);
  }
}
export function round(x: usize, out: usize, from: i32, to: i32): void {
  mapOne<Round>(x, out, zeros(), zeros(), from, to);
}

@unmanaged
class Step {
  @inline value(x: v128, p: v128, q: v128): v128 {
    return v128.and(f32x4.ge(x, zeros()), ones());
  }
}
export function step(x: usize, out: usize, from: i32, to: i32): void {
  mapOne<Step>(x, out, zeros(), zeros(), from, to);
}

@unmanaged
class Sqrt {
  @inline value(x: v128, p: v128, q: v128): v128 {
    return f32x4.sqrt(x);
  }
}
export function sqrt(x: usize, out: usize, from: i32, to: i32): void {
  mapOne<Sqrt>(x, out, zeros(), zeros(), from, to);
}

@unmanaged
class Rsqrt {
  @inline value(x: v128, p: v128, q: v128): v128 {
    return f32x4.div(ones(), f32x4.sqrt(x));
  }
}
export function rsqrt(x: usize, out: usize, from: i32, to: i32): void {
  mapOne<Rsqrt>(x, out, zeros(), zeros(), from, to);
}

@unmanaged
class Exp {
  @inline value(x: v128, p: v128, q: v128): v128 {
    return math.exp(x);
  }
}
export function exp(x: usize, out: usize, from: i32, to: i32): void {
  mapOneLong<Exp>(x, out, zeros(), zeros(), from, to);
}

@unmanaged
class Expm1 {
  @inline value(x: v128, p: v128, q: v128): v128 {
    return math.expm1(x);
  }
}
export function expm1(x: usize, out: usize, from: i32, to: i32): void {
  mapOneLong<Expm1>(x, out, zeros(), zeros(), from, to);
}

@unmanaged
class Log {
  @inline value(x: v128, p: v128, q: v128): v128 {
    return math.log(x);
  }
}
export function log(x: usize, out: usize, from: i32, to: i32): void {
  mapOneLong<Log>(x, out, zeros(), zeros(), from, to);
}

@unmanaged
class Log1p {
  @inline value(x: v128, p: v128, q: v128): v128 {
    return math.log1p(x);
  }
}
export function log1p(x: usize, out: usize, from: i32, to: i32): void {
  mapOneLong<Log1p>(x, out, zeros(), zeros(), from, to);
}

@unmanaged
class Tanh {
  @inline value(x: v128, p: v128, q: v128): v128 {
    return math.tanh(x);
  }
}
export function tanh(x: usize, out: usize, from: i32, to: i32): void {
  mapOneLong<Tanh>(x, out, zeros(), zeros(), from, to);
}

@unmanaged
class Sigmoid {
  @inline value(x: v128, p: v128, q: v128): v128 {
    return math.sigmoid(x);
  }
}
export function sigmoid(x: usize, out: usize, from: i32, to: i32): void {
  mapOneLong<Sigmoid>(x, out, zeros(), zeros(), from, to);
}

@unmanaged
class Softplus {
  @inline value(x: v128, p: v128, q: v128): v128 {
    return math.softplus(x);
  }
}
export function softplus(x: usize, out: usize, from: i32, to: i32): void {
  mapOneLong<Softplus>(x, out, zeros(), zeros(), from, to);
}

@unmanaged
class Sin {
  @inline value(x: v128, p: v128, q: v128): v128 {
    return trigonometry.sin(x);
  }
}
export function sin(x: usize, out: usize, from: i32, to: i32): void {
  mapOneLong<Sin>(x, out, zeros(), zeros(), from, to);
}

@unmanaged
class Cos {
  @inline value(x: v128, p: v128, q: v128): v128 {
    return trigonometry.cos(x);
  }
}
export function cos(x: usize, out: usize, from: i32, to: i32): void {
  mapOneLong<Cos>(x, out, zeros(), zeros(), from, to);
}

@unmanaged
class Tan {
  @inline value(x: v128, p: v128, q: v128): v128 {
    return trigonometry.tan(x);
  }
}
export function tan(x: usize, out: usize, from: i32, to: i32): void {
  mapOneLong<Tan>(x, out, zeros(), zeros(), from, to);
}

@unmanaged
class Erf {
  @inline value(x: v128, p: v128, q: v128): v128 {
    return erfOf(x);
  }
}
export function erf(x: usize, out: usize, from: i32, to: i32): void {
  mapOneLong<Erf>(x, out, zeros(), zeros(), from, to);
}

@unmanaged
class Relu {
  @inline value(x: v128, p: v128, q: v128): v128 {
    return v128.andnot(x, f32x4.le(x, zeros())); // NaN stays, −0 becomes 0
  }
}
export function relu(x: usize, out: usize, from: i32, to: i32): void {
  mapOne<Relu>(x, out, zeros(), zeros(), from, to);
}

@unmanaged
class Gelu {
  @inline value(x: v128, p: v128, q: v128): v128 {
    return f32x4.mul(x, normalDistribution(x, gaussian(x)));
  }
}
export function gelu(x: usize, out: usize, from: i32, to: i32): void {
  mapOneLong<Gelu>(x, out, zeros(), zeros(), from, to);
}

@unmanaged
class Silu {
  @inline value(x: v128, p: v128, q: v128): v128 {
    return f32x4.mul(x, math.sigmoid(x));
  }
}
export function silu(x: usize, out: usize, from: i32, to: i32): void {
  mapOneLong<Silu>(x, out, zeros(), zeros(), from, to);
}

@unmanaged
class LeakyRelu {
  @inline value(x: v128, p: v128, q: v128): v128 {
    return v128.bitselect(x, f32x4.mul(x, p), f32x4.gt(x, zeros()));
  }
}
export function leakyRelu(x: usize, out: usize, value: f32, from: i32, to: i32): void {
  mapOne<LeakyRelu>(x, out, f32x4.splat(value), zeros(), from, to);
}

@unmanaged
class Elu {
  @inline value(x: v128, p: v128, q: v128): v128 {
    return v128.bitselect(x, f32x4.mul(p, math.expm1(x)), f32x4.gt(x, zeros()));
  }
}
export function elu(x: usize, out: usize, value: f32, from: i32, to: i32): void {
  mapOneLong<Elu>(x, out, f32x4.splat(value), zeros(), from, to);
}

@unmanaged
class Clamp {
  @inline value(x: v128, p: v128, q: v128): v128 {
    return f32x4.min(f32x4.max(x, p), q);
  }
}
export function clamp(x: usize, out: usize, min: f32, max: f32, from: i32, to: i32): void {
  mapOne<Clamp>(x, out, f32x4.splat(min), f32x4.splat(max), from, to);
}
