import { show } from "../tensor/shape.js";
import { Tensor } from "../tensor/tensor.js";
import { checkFinite } from "./trace.js";

/** A list of rows of numbers, or a tensor of shape [rows, columns]. */
export type Matrix = ArrayLike<ArrayLike<number>> | Tensor;

/** Numbers in any order: a list, a typed array, or a tensor of any shape, taken as its elements. */
export type Numbers = ArrayLike<number> | Tensor;

/** The numbers of a list or the elements of a tensor. */
export function valuesOf(values: Numbers): ArrayLike<number> {
  return values instanceof Tensor ? values.data : values;
}

/**
 * The rows of a matrix that can be drawn.
 *
 * @throws RangeError if it has other than two axes, rows of several lengths, no numbers, or no finite number.
 */
export function rowsOf(kind: string, name: string, matrix: Matrix): ArrayLike<number>[] {
  const rows = matrix instanceof Tensor ? tensorRows(kind, name, matrix) : Array.from(matrix);
  const width = rows[0]?.length ?? 0;
  const odd = rows.findIndex((row) => row.length !== width);
  if (odd !== -1) {
    throw new RangeError(
      `${kind}: row ${odd} of ${name} has ${rows[odd].length} numbers, row 0 has ${width}. ` +
        `All rows must be equally long.`,
    );
  }
  if (width === 0) {
    throw new RangeError(
      `${kind}: ${name} is [${rows.length}, 0]. Expected at least one row and one column.`,
    );
  }
  checkFinite(kind, name, rows);
  return rows;
}

function tensorRows(kind: string, name: string, { shape, data }: Tensor): ArrayLike<number>[] {
  if (shape.length !== 2) {
    throw new RangeError(`${kind}: ${name} has shape ${show(shape)}. Expected two axes, [rows, columns].`);
  }
  const [rows, columns] = shape;
  return Array.from({ length: rows }, (_, i) => data.subarray(i * columns, (i + 1) * columns));
}
