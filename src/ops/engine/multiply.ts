import { engine } from "../../engine/engine.js";
import type { Pointer } from "../../engine/kernels.js";
import { run } from "../../engine/run.js";

/** A matrix, or a batch of them: where it begins and how many elements lie between rows, columns and matrices. */
export interface Matrix {
  readonly pointer: Pointer;
  readonly row: number;
  readonly column: number;
  /** 0 if all products share one matrix. */
  readonly batch: number;
}

/** A dense row-major matrix `[rows, columns]`, or a batch of them. */
export function dense(pointer: Pointer, rows: number, columns: number, shared = false): Matrix {
  return { pointer, row: columns, column: 1, batch: shared ? 0 : rows * columns };
}

/** A matrix with rows and columns exchanged, where it stands. */
export function transposed({ row, column, ...rest }: Matrix): Matrix {
  return { ...rest, row: column, column: row };
}

/** `[batch, m, k] @ [batch, k, n]`. */
export interface ProductSizes {
  readonly batch: number;
  readonly m: number;
  readonly n: number;
  readonly k: number;
}

/** What is done to a product before it is stored. */
export interface Epilogue {
  /** Adds what is in the result. */
  readonly accumulate?: boolean;
  /** [n], added to each row. */
  readonly bias?: Pointer;
  readonly relu?: boolean;
}

/** Multiply-adds per nanosecond of one thread, about. */
const speed = 25;
/** Panels of four rows that make up for copying the other matrix once more. */
const grain = 8;

/** Writes `a @ b` to the dense `c [batch, m, n]`. */
export function multiply(
  c: Pointer,
  a: Matrix,
  b: Matrix,
  sizes: ProductSizes,
  epilogue: Epilogue = {},
): void {
  const { batch, m, n, k } = sizes;
  // One matrix on the right for all: the rows of all matrices on the left are those of one.
  if (batch > 1 && b.batch === 0 && a.batch === m * a.row) {
    return multiply(c, a, b, { batch: 1, m: batch * m, n, k }, epilogue);
  }
  // A column is a row, looked at the other way: c [m, 1] = a @ b means c [1, m] = bᵀ @ aᵀ.
  const turned = n === 1 && m > 1;
  const [left, right] = turned ? [transposed(b), transposed(a)] : [a, b];
  const [rows, columns] = turned ? [n, m] : [m, n];
  const { accumulate = false, bias = 0, relu = false } = epilogue;
  run(
    "gemm",
    [
      ...[c, left.pointer, left.batch, left.row, left.column],
      ...[right.pointer, right.batch, right.row, right.column, batch, rows, columns, k],
      ...[accumulate ? 1 : 0, bias, turned ? 0 : 1, relu ? 1 : 0],
    ],
    {
      units: batch * Math.ceil(rows / 4),
      nanoseconds: (batch * m * n * k) / speed,
      scratch: engine()!.kernels.gemmScratch(rows, columns, k),
      grain,
    },
  );
}
