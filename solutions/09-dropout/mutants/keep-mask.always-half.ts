// hint: Your mask does not depend on p.
/** 0 where a unit is dropped (u < p), 1 where it is kept. u of any shape, uniform in [0, 1) → as u. */
function keepMask(u: Tensor, p: number): Tensor {
  return u.greaterEqual(0.5).cast(u.dtype);
}
