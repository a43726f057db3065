/** Shapes, axes or indices that do not fit together. */
export class ShapeError extends Error {
  static {
    this.prototype.name = "ShapeError";
  }
}

/** A tensor of a dtype that the operation cannot take. */
export class DTypeError extends Error {
  static {
    this.prototype.name = "DTypeError";
  }
}

/** A gradient asked for where there is none. */
export class GradientError extends Error {
  static {
    this.prototype.name = "GradientError";
  }
}
