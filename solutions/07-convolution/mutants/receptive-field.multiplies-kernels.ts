// hint: You multiplied the windows, as if they did not overlap. Each layer adds K − 1 jumps.
/** How many inputs wide, along one axis, the part of the input is that one output of the last layer depends on. */
function receptiveField(layers: { kernel: number; stride?: number; dilation?: number }[]): number {
  let field = 1;
  let jump = 1;
  for (const { kernel, stride = 1, dilation = 1 } of layers) {
    field *= kernel;
    jump *= stride;
  }
  return field;
}
