/**
 * Element types. Numbers are stored in the typed array of the same name; `bool` as bytes 0 and 1.
 *
 * **Promotion**, when tensors of different dtypes meet in one operation: the result has the later of the two in
 * `bool < int32 < float32 < float64`. Plain JavaScript numbers are *weak*: they take the dtype of the tensors they
 * meet, so `x.mul(2)` keeps the dtype of `x`. Only a fractional number meeting integers turns them into float32.
 * - Arithmetic (`add`, `sub`, `mul`, `neg`, `abs`, `pow`, `sum`) treats bool as int32 0 and 1.
 * - `div`, `mean` and the smooth functions (`exp`, `log`, `sqrt`, `sin`, …) turn bool and int32 into float32.
 * - Comparisons give bool.
 *
 * Results outside the range of int32 wrap around.
 */
export type DType = "float32" | "float64" | "int32" | "bool";

/** The storage behind a tensor. */
export type TensorData = Float32Array | Float64Array | Int32Array | Uint8Array;

/** A rule that gives an operation's output dtype from those of its inputs. */
export type DTypeRule = (dtypes: readonly DType[]) => DType;

/** The typed array that holds the elements of each dtype. */
export const arrays = { float32: Float32Array, float64: Float64Array, int32: Int32Array, bool: Uint8Array };
const byRank: readonly DType[] = ["bool", "int32", "float32", "float64"];

/** Storage for `size` elements, all zero. */
export function allocate(dtype: DType, size: number): TensorData {
  return new arrays[dtype](size);
}

export function isFloat(dtype: DType): boolean {
  return dtype === "float32" || dtype === "float64";
}

/** The latest of the given dtypes in `bool < int32 < float32 < float64`. */
export const promote: DTypeRule = (dtypes) =>
  byRank[Math.max(...dtypes.map((dtype) => byRank.indexOf(dtype)))];

/** Promotion for arithmetic: bool counts as int32. */
export const arithmetic: DTypeRule = (dtypes) => promote([...dtypes, "int32"]);

/** Promotion for operations whose results are fractions: bool and int32 become float32. */
export const floating: DTypeRule = (dtypes) => promote([...dtypes, "float32"]);

/** The dtype that the weak number `value` takes beside tensors of the given dtypes. */
export function dtypeOfNumber(value: number | boolean, others: readonly DType[]): DType {
  if (typeof value === "boolean") return "bool";
  const beside = others.length > 0 ? promote(others) : "float32";
  if (isFloat(beside)) return beside;
  return Number.isInteger(value) ? "int32" : "float32";
}

/** Copies numbers into storage of `dtype`: int32 drops the fraction, bool becomes "is not 0". */
export function convert(source: ArrayLike<number>, dtype: DType): TensorData {
  const out = allocate(dtype, source.length);
  convertInto(out, source, dtype);
  return out;
}

/** As {@link convert}, into storage that is there. */
export function convertInto(out: TensorData, source: ArrayLike<number>, dtype: DType): void {
  if (dtype === "bool") for (let i = 0; i < out.length; i++) out[i] = source[i] !== 0 ? 1 : 0;
  else out.set(source);
}
