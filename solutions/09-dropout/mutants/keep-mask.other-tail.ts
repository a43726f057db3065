// hint: The share is right, but you drop the largest numbers. The rule of this lesson drops where u < p, so that everybody's masks are the same.
/** 0 where a unit is dropped (u < p), 1 where it is kept. u of any shape, uniform in [0, 1) → as u. */
function keepMask(u: Tensor, p: number): Tensor {
  return u.less(1 - p).cast(u.dtype);
}
