// hint: Your field starts at 0. Without layers an output is an input, and sees itself: 1.
/** How many inputs wide, along one axis, the part of the input is that one output of the last layer depends on. */
function receptiveField(layers: { kernel: number; stride?: number; dilation?: number }[]): number {
  let field = 0;
  let jump = 1;
  for (const { kernel, stride = 1, dilation = 1 } of layers) {
    field += dilation * (kernel - 1) * jump;
    jump *= stride;
  }
  return field;
}
