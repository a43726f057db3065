// hint: The mask itself is made of zeros and ones. The division by 1 − p comes later, and not in every recipe.
/** 0 where a unit is dropped (u < p), 1 where it is kept. u of any shape, uniform in [0, 1) → as u. */
function keepMask(u: Tensor, p: number): Tensor {
  return u.greaterEqual(p).cast(u.dtype).div(1 - p);
}
