// How large the elements of a tensor are.
import type { Tensor } from "../../tensor/tensor.js";
import { addressOf, kernels } from "./address.js";

/** The largest |x|; NaN if one is NaN, 0 of nothing. */
export function largestSize(x: Tensor): number {
  if (x.storage.pointer !== 0) return kernels().largestSize(addressOf(x), x.size);
  let largest = 0;
  for (const value of x.elements) if (!(Math.abs(value) <= largest)) largest = Math.abs(value);
  return largest;
}

/** Σ (|x| / unit)ᵖ. */
export function sumOfPowers(x: Tensor, p: number, unit: number): number {
  if (p === 2 && x.storage.pointer !== 0) return kernels().sumOfSquares(addressOf(x), x.size) / unit / unit;
  let total = 0;
  for (const value of x.elements) total += (Math.abs(value) / unit) ** p;
  return total;
}
