import { stepBytes } from "./conv-tile";

/** A list of the elements of a filter: how far each one's input is from a place, and where its weight is; 8 bytes each. */
export const tapBytes: i32 = 8;

export function putTap(taps: usize, index: i32, offset: i32, weight: i32): void {
  store<i32>(taps + tapBytes * index, offset);
  store<i32>(taps + tapBytes * index, weight, 4);
}

/** Bytes of the panels of so many filters. */
export function panelBytes(filters: i32, taps: i32): i32 {
  return stepBytes * taps * ((filters + 3) >> 2);
}

/** Writes filters as panels of four; the weights of the next filter are `filterStep` elements further on. */
export function packPanels(to: usize, taps: usize, count: i32, weight: usize, filters: i32, filterStep: i32): void {
  for (let filter = 0; filter < filters; filter += 4) {
    const many = min(4, filters - filter);
    for (let tap = 0; tap < count; tap++) {
      const from = weight + 4 * load<i32>(taps + tapBytes * tap, 4);
      store<i32>(to, load<i32>(taps + tapBytes * tap));
      for (let i = 0; i < 4; i++) {
        store<f32>(to + 4 * i, i < many ? load<f32>(from + 4 * i * filterStep) : 0, 4);
      }
      to += stepBytes;
    }
    weight += 16 * filterStep;
  }
}
