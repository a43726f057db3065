import type { DType } from "../tensor/dtype.js";
import type { Tensor } from "../tensor/tensor.js";
import { CodecError, type TensorData } from "./codec.js";

const storage = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  bool: Uint8Array,
} satisfies Record<DType, unknown>;

/** A tensor as it crosses between processes, or undefined for anything else. Its graph stays behind. */
export function tensorData(TensorClass: typeof Tensor, value: object): TensorData | undefined {
  if (!(value instanceof TensorClass)) return undefined;
  const { dtype, shape, requiresGrad, data } = value;
  return { dtype, shape, requiresGrad, data };
}

export function tensorFromData(
  TensorClass: typeof Tensor,
  { dtype, shape, requiresGrad, data }: TensorData,
): Tensor {
  const Storage = Object.hasOwn(storage, dtype) ? storage[dtype as DType] : undefined;
  if (!Storage || !(data instanceof Storage)) throw new CodecError("a tensor is malformed");
  const tensor = new TensorClass(data, [...shape], dtype as DType);
  if (requiresGrad) tensor.requiresGrad = true;
  return tensor;
}
