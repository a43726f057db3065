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
        plane = stagePlane(
          plane, rows, columns, x, g.height, g.width,
          g.strideHeight, phaseY - g.beforeHeight, g.strideWidth, phaseX - g.beforeWidth,
        );
      }
    }
    x += 4 * g.height * g.width;
  }
}

/** Whether an element of the filter falls on a phase. */
export function isPhaseUsed(phase: i32, kernel: i32, dilation: i32, stride: i32): bool {
  for (let k = 0; k < kernel; k++) if ((k * dilation) % stride == phase) return true;
  return false;
}

/** How many of the phases before this one are used. */
export function phasesBelow(phase: i32, kernel: i32, dilation: i32, stride: i32): i32 {
  let count = 0;
  for (let p = 0; p < phase; p++) if (isPhaseUsed(p, kernel, dilation, stride)) count++;
  return count;
}

/**
 * Writes `to [rows, columns]`, `to[i, j] = x[i stepY + firstY, j stepX + firstX]`, zero where that is outside of
 * `x [height, width]`; returns where it ends.
 */
export function stagePlane(
  to: usize, rows: i32, columns: i32, x: usize, height: i32, width: i32,
  stepY: i32, firstY: i32, stepX: i32, firstX: i32,
): usize {
  // Columns before `start` and from `end` on are zeros.
  const start = min(columns, firstX < 0 ? (stepX - 1 - firstX) / stepX : 0);
  const end = max(start, min(columns, firstX < width ? (width - 1 - firstX) / stepX + 1 : 0));
  for (let i = 0; i < rows; i++) {
    const y = i * stepY + firstY;
    if (y < 0 || y >= height) {
      to = fillZeros(to, columns);
      continue;
    }
    to = fillZeros(to, start);
    const from = x + 4 * (y * width + start * stepX + firstX);
    if (stepX == 1) to = copyRow(to, from, end - start);
    else if (stepX == 2) to = copySecond(to, from, end - start);
    else to = copySteps(to, from, end - start, stepX);
    to = fillZeros(to, columns - end);
  }
  return to;
}

function fillZeros(to: usize, count: i32): usize {
  for (; count >= 4; count -= 4) {
    v128.store(to, f32x4.splat(0));
    to += 16;
  }
  for (; count > 0; count--) {
    store<f32>(to, 0);
    to += 4;
  }
  return to;
}

function copyRow(to: usize, from: usize, count: i32): usize {
  for (; count >= 4; count -= 4) {
    v128.store(to, v128.load(from));
    to += 16;
    from += 16;
  }
  return copySteps(to, from, count, 1);
}

/** Every second element. */
function copySecond(to: usize, from: usize, count: i32): usize {
  for (; count >= 4; count -= 4) {
    // The second vector begins one element early, so that it ends with the last element that is needed.
    v128.store(to, v128.shuffle<f32>(v128.load(from), v128.load(from, 12), 0, 2, 5, 7));
    to += 16;
    from += 32;
  }
  return copySteps(to, from, count, 2);
}

function copySteps(to: usize, from: usize, count: i32, step: i32): usize {
  for (; count > 0; count--) {
    store<f32>(to, load<f32>(from));
    to += 4;
    from += 4 * step;
  }
  return to;
}
