// hint: You widened the jump before using it. A layer's own stride matters only to the layers after it.
/** How many inputs wide, along one axis, the part of the input is that one output of the last layer depends on. */
function receptiveField(layers: { kernel: number; stride?: number; dilation?: number }[]): number {
  let field = 1;
  let jump = 1;
  for (const { kernel, stride = 1, dilation = 1 } of layers) {
    jump *= stride;
    field += dilation * (kernel - 1) * jump;
  }
  return field;
}
