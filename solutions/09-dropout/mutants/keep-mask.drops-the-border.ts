// hint: u = p itself is to be kept, and with p = 0 nothing may be dropped, not even u = 0. Compare with ≥, not with >.
/** 0 where a unit is dropped (u < p), 1 where it is kept. u of any shape, uniform in [0, 1) → as u. */
function keepMask(u: Tensor, p: number): Tensor {
  return u.greater(p).cast(u.dtype);
}
