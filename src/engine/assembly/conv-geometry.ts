/** Sixteen int32 in memory; see `geometryFields` in `src/engine/kernels/convolution.ts`. */
@unmanaged
export class Geometry {
  batch: i32;
  groups: i32;
  inChannels: i32;
  outChannels: i32;
  height: i32;
  width: i32;
  kernelHeight: i32;
  kernelWidth: i32;
  strideHeight: i32;
  strideWidth: i32;
  dilationHeight: i32;
  dilationWidth: i32;
  beforeHeight: i32;
  beforeWidth: i32;
  outHeight: i32;
  outWidth: i32;

  /** Elements of a filter. */
  get taps(): i32 {
    return this.inChannels * this.kernelHeight * this.kernelWidth;
  }

  /** Elements of the input and of the output that belong to one group of one image. */
  get image(): i32 {
    return this.inChannels * this.height * this.width;
  }

  get outImage(): i32 {
    return this.outChannels * this.outHeight * this.outWidth;
  }
}

/** The next multiple of four. */
export function upToFour(n: i32): i32 {
  return (n + 3) & ~3;
}

/** The quotient rounded down, for a positive divisor. */
export function floorDivide(a: i32, b: i32): i32 {
  return a >= 0 ? a / b : -((b - 1 - a) / b);
}
