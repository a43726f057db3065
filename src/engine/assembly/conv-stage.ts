// A convolution reads its input where it stands in memory, at a fixed distance for each element of the filter: no patches
// are copied. For that the image is staged once: padded with zeros, and, if the stride is not 1, divided into phases, so that
// places next to each other in the output read elements next to each other.
import { Geometry } from "./conv-geometry";

/**
 * The staged input of one image and group: `[channels, phases along height, phases along width, rows, columns]`. Element
 * (Y, X) of the padded image is in phase (Y mod strideHeight, X mod strideWidth), at (⌊Y / strideHeight⌋, ⌊X / strideWidth⌋).
 * Phases that no element of the filter falls on are left out. Places of the output lie in it like elements of phase (0, 0).
 */
export function stagedRows(g: Geometry): i32 {
  return g.outHeight + ((g.kernelHeight - 1) * g.dilationHeight) / g.strideHeight;
}

/** As many columns as `places` in a row need. */
export function stagedColumns(g: Geometry, places: i32): i32 {
  return places + ((g.kernelWidth - 1) * g.dilationWidth) / g.strideWidth;
}

export function stagedChannel(g: Geometry, columns: i32): i32 {
  const phasesY = phasesBelow(g.strideHeight, g.kernelHeight, g.dilationHeight, g.strideHeight);
  const phasesX = phasesBelow(g.strideWidth, g.kernelWidth, g.dilationWidth, g.strideWidth);
  return phasesY * phasesX * stagedRows(g) * columns;
}

/** Where, counted from a place, element (kh, kw) of the filter finds its channel's input. */
export function stagedOffset(g: Geometry, columns: i32, kh: i32, kw: i32): i32 {
  const y = kh * g.dilationHeight;
  const x = kw * g.dilationWidth;
  const phasesX = phasesBelow(g.strideWidth, g.kernelWidth, g.dilationWidth, g.strideWidth);
  const phaseY = phasesBelow(y % g.strideHeight, g.kernelHeight, g.dilationHeight, g.strideHeight);
  const phase = phaseY * phasesX + phasesBelow(x % g.strideWidth, g.kernelWidth, g.dilationWidth, g.strideWidth);
  return (phase * stagedRows(g) + y / g.strideHeight) * columns + x / g.strideWidth;
}

/** `columns` as {@link stagedColumns} has it, `channelStep` elements from channel to channel. */
export function stageInput(to: usize, x: usize, g: Geometry, columns: i32, channelStep: i32): void {
  const rows = stagedRows(g);
  for (let c = 0; c < g.inChannels; c++) {
    let plane = to + 4 * c * channelStep;
    for (let phaseY = 0; phaseY < g.strideHeight; phaseY++) {
      if (!isPhaseUsed(phaseY, g.kernelHeight, g.dilationHeight, g.strideHeight)) continue;
      for (let phaseX = 0; phaseX < g.strideWidth; phaseX++) {
        if (!isPhaseUsed(phaseX, g.kernelWidth, g.dilationWidth, g.strideWidth)) continue;
        for (let row = 0; row < rows; row++) {
          const y = row * g.strideHeight + phaseY - g.beforeHeight;
          if (y < 0 || y >= g.height) memory.fill(plane, 0, 4 * columns);
          else stageRow(plane, columns, x + 4 * y * g.width, g.width, g.strideWidth, phaseX - g.beforeWidth);
          plane += 4 * columns;
        }
      }
    }
    x += 4 * g.height * g.width;
  }
}

function isPhaseUsed(phase: i32, kernel: i32, dilation: i32, stride: i32): bool {
  for (let k = 0; k < kernel; k++) if ((k * dilation) % stride == phase) return true;
  return false;
}

/** How many of the phases before this one are used. */
function phasesBelow(phase: i32, kernel: i32, dilation: i32, stride: i32): i32 {
  let count = 0;
  for (let p = 0; p < phase; p++) if (isPhaseUsed(p, kernel, dilation, stride)) count++;
  return count;
}

/** `to[i] = x[i stride + first]`, zero where that is outside of `x [width]`. */
export function stageRow(to: usize, count: i32, x: usize, width: i32, stride: i32, first: i32): void {
  let i = 0;
  const zeros = min(count, first < 0 ? (stride - 1 - first) / stride : 0);
  for (; i < zeros; i++) store<f32>(to + 4 * i, 0);
  const inside = min(count, first < width ? (width - 1 - first) / stride + 1 : 0);
  if (stride == 1) {
    const from = x + 4 * first;
    for (; i + 4 <= inside; i += 4) v128.store(to + 4 * i, v128.load(from + 4 * i));
  } else if (stride == 2) {
    // The second vector begins one element early, so that it ends with the last element that is needed.
    for (; i + 4 <= inside; i += 4) {
      const from = x + 4 * (2 * i + first);
      v128.store(to + 4 * i, v128.shuffle<f32>(v128.load(from), v128.load(from, 12), 0, 2, 5, 7));
    }
  }
  for (; i < inside; i++) store<f32>(to + 4 * i, load<f32>(x + 4 * (i * stride + first)));
  for (; i < count; i++) store<f32>(to + 4 * i, 0);
}
