import { sizeOf } from "../tensor/shape.js";
import { arrays, type DType } from "../tensor/dtype.js";
import type { Tensor } from "../tensor/tensor.js";
import { CodecError, type TensorData } from "./codec.js";

/** A tensor as it crosses between processes, or undefined for anything else. Its graph stays behind. */
export function tensorData(TensorClass: typeof Tensor, value: object): TensorData | undefined {
  if (!(value instanceof TensorClass)) return undefined;
  const { dtype, shape, requiresGrad, data, grad } = value;
  return { dtype, shape, requiresGrad, data, grad: (grad && tensorData(TensorClass, grad)) ?? null };
}

/** @throws CodecError if the parts do not make a tensor */
export function tensorFromData(
  TensorClass: typeof Tensor,
  { dtype, shape, requiresGrad, data, grad }: TensorData,
): Tensor {
  const Storage = Object.hasOwn(arrays, dtype) ? arrays[dtype as DType] : undefined;
  if (!Storage || !(data instanceof Storage) || sizeOf(shape) !== data.length)
    throw new CodecError("a tensor is malformed");
  const tensor = new TensorClass(data, [...shape], dtype as DType);
  if (requiresGrad) tensor.requiresGrad = true;
  if (grad) tensor.grad = tensorFromData(TensorClass, grad);
  return tensor;
}
