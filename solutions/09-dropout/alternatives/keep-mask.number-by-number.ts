// Number by number.
/** 0 where a unit is dropped (u < p), 1 where it is kept. u of any shape, uniform in [0, 1) → as u. */
function keepMask(u: Tensor, p: number): Tensor {
  const numbers = Array.from(u.data, (value) => (value < p ? 0 : 1));
  return tensor(numbers, { dtype: u.dtype }).reshape(u.shape);
}
