/** Points of a line, x and y in turn. */
export type Polyline = readonly number[];

/** The strokes of one way to write a digit. */
export type Glyph = readonly Polyline[];

type Point = readonly [x: number, y: number];

// Digits are written in a box from −0.5 to 0.5, y down; most are about 0.55 wide and 0.95 high.
const glyphs: readonly (readonly Glyph[])[] = [
  // 0: an ellipse; a narrow one; one whose ends cross at the top
  [
    [arc(0, 0, 0.28, 0.47, -95, 265)],
    [arc(0, 0, 0.21, 0.47, -80, 280)],
    [
      curve(
        [0.12, -0.47],
        [-0.14, -0.38],
        [-0.27, 0],
        [-0.14, 0.42],
        [0.1, 0.44],
        [0.27, 0.05],
        [0.17, -0.38],
        [-0.04, -0.45],
      ),
    ],
  ],
  // 1: a bar; with a flag; with flag and foot
  [
    [line([0, -0.48], [0, 0.48])],
    [line([-0.17, -0.27], [0.04, -0.48], [0.04, 0.48])],
    [line([-0.17, -0.3], [0.02, -0.48], [0.02, 0.47]), line([-0.2, 0.47], [0.22, 0.47])],
  ],
  // 2: with a flat foot; with a loop; with a swan's neck and a wavy foot
  [
    [
      curve(
        [-0.25, -0.26],
        [-0.16, -0.43],
        [0.04, -0.48],
        [0.23, -0.36],
        [0.2, -0.12],
        [-0.02, 0.16],
        [-0.27, 0.46],
      ),
      line([-0.27, 0.46], [0.28, 0.46]),
    ],
    [
      curve(
        [-0.24, -0.28],
        [-0.08, -0.46],
        [0.15, -0.43],
        [0.2, -0.2],
        [0.06, 0.12],
        [-0.14, 0.38],
        [-0.28, 0.42],
        [-0.26, 0.27],
        [-0.08, 0.3],
        [0.1, 0.44],
        [0.3, 0.38],
      ),
    ],
    [
      curve([-0.2, -0.3], [-0.04, -0.47], [0.19, -0.4], [0.19, -0.16], [0.02, 0.14], [-0.24, 0.43]),
      curve([-0.24, 0.43], [-0.06, 0.36], [0.1, 0.45], [0.28, 0.4]),
    ],
  ],
  // 3: two bowls; with a flat top; drawn in one, with a small loop
  [
    [
      curve([-0.22, -0.37], [-0.02, -0.48], [0.21, -0.38], [0.18, -0.14], [-0.06, -0.03]),
      curve([-0.06, -0.03], [0.2, 0.05], [0.26, 0.26], [0.06, 0.47], [-0.14, 0.46], [-0.26, 0.34]),
    ],
    [
      line([-0.22, -0.46], [0.22, -0.46], [-0.03, -0.09]),
      curve([-0.03, -0.09], [0.2, -0.02], [0.26, 0.22], [0.1, 0.45], [-0.12, 0.48], [-0.27, 0.36]),
    ],
    [
      curve(
        [-0.2, -0.4],
        [0.04, -0.48],
        [0.2, -0.32],
        [0.08, -0.08],
        [-0.1, -0.02],
        [-0.02, -0.1],
        [0.18, 0.02],
        [0.24, 0.26],
        [0.02, 0.47],
        [-0.24, 0.38],
      ),
    ],
  ],
  // 4: open, in two lines; closed; open and round
  [
    [line([-0.17, -0.46], [-0.27, 0.08], [0.28, 0.08]), line([0.12, -0.3], [0.08, 0.48])],
    [line([0.13, 0.48], [0.13, -0.47], [-0.28, 0.18], [0.29, 0.18])],
    [curve([-0.2, -0.45], [-0.26, -0.12], [-0.16, 0.04], [0.14, 0]), line([0.2, -0.45], [0.13, 0.48])],
  ],
  // 5: in one line and a bowl; with the bar set on; steep
  [
    [
      line([0.22, -0.46], [-0.18, -0.46], [-0.21, -0.06]),
      curve([-0.21, -0.06], [0.02, -0.13], [0.24, 0.02], [0.24, 0.28], [0.04, 0.47], [-0.25, 0.39]),
    ],
    [
      line([-0.15, -0.41], [0.27, -0.47]),
      line([-0.15, -0.41], [-0.19, -0.1]),
      curve([-0.19, -0.1], [0.04, -0.12], [0.21, 0.08], [0.16, 0.36], [-0.06, 0.47], [-0.26, 0.42]),
    ],
    [
      line([0.24, -0.46], [-0.08, -0.44], [-0.18, -0.02]),
      curve([-0.18, -0.02], [0.04, -0.08], [0.2, 0.1], [0.14, 0.36], [-0.08, 0.47], [-0.24, 0.4]),
    ],
  ],
  // 6: round; slim with a straight back
  [
    [
      curve(
        [0.19, -0.46],
        [-0.06, -0.32],
        [-0.24, 0.02],
        [-0.22, 0.33],
        [0, 0.48],
        [0.22, 0.34],
        [0.21, 0.1],
        [0.02, 0],
        [-0.16, 0.08],
        [-0.24, 0.24],
      ),
    ],
    [
      curve(
        [0.06, -0.48],
        [-0.13, -0.2],
        [-0.22, 0.15],
        [-0.14, 0.43],
        [0.08, 0.46],
        [0.2, 0.26],
        [0.1, 0.06],
        [-0.1, 0.1],
        [-0.21, 0.28],
      ),
    ],
  ],
  // 7: straight; crossed; with a bent leg
  [
    [line([-0.26, -0.45], [0.26, -0.45], [-0.05, 0.48])],
    [line([-0.25, -0.45], [0.25, -0.45], [-0.05, 0.48]), line([-0.13, 0.02], [0.2, 0])],
    [
      line([-0.26, -0.34], [-0.24, -0.45], [0.26, -0.45]),
      curve([0.26, -0.45], [0.1, -0.12], [0, 0.16], [-0.04, 0.48]),
    ],
  ],
  // 8: two rings; drawn in one
  [
    [arc(0, -0.25, 0.19, 0.22, 90, 450), arc(0, 0.22, 0.25, 0.25, -90, 270)],
    [
      curve(
        [0.2, -0.34],
        [0, -0.48],
        [-0.2, -0.33],
        [-0.08, -0.1],
        [0.14, 0.08],
        [0.22, 0.3],
        [0, 0.48],
        [-0.22, 0.3],
        [-0.12, 0.08],
        [0.1, -0.12],
        [0.21, -0.3],
        [0.17, -0.4],
      ),
    ],
  ],
  // 9: with a straight leg; with a curled one; with a bent one
  [
    [
      curve(
        [0.21, -0.3],
        [0.02, -0.47],
        [-0.2, -0.36],
        [-0.21, -0.14],
        [0, -0.03],
        [0.19, -0.16],
        [0.21, -0.3],
      ),
      line([0.21, -0.3], [0.17, 0.48]),
    ],
    [
      curve(
        [0.23, -0.24],
        [0.12, -0.43],
        [-0.06, -0.47],
        [-0.22, -0.3],
        [-0.16, -0.08],
        [0.06, -0.04],
        [0.23, -0.24],
      ),
      curve([0.23, -0.24], [0.24, 0.1], [0.14, 0.4], [-0.06, 0.48], [-0.22, 0.4]),
    ],
    [
      curve([0.2, -0.34], [0, -0.46], [-0.2, -0.28], [-0.1, -0.08], [0.1, -0.14], [0.2, -0.34]),
      curve([0.2, -0.34], [0.18, 0], [0.08, 0.28], [-0.04, 0.48]),
    ],
  ],
];

/** The ways to write a digit. */
export function glyphsOf(digit: number): readonly Glyph[] {
  return glyphs[digit];
}

/** Straight from point to point. */
function line(...points: Point[]): Polyline {
  return points.flat();
}

/** A smooth line through the points (Catmull & Rom, 1974), five pieces between two of them. */
function curve(...points: Point[]): Polyline {
  const last = points.length - 1;
  const out: number[] = [];
  for (let i = 0; i < last; i++) {
    const [before, from, to, after] = [i - 1, i, i + 1, i + 2].map(
      (k) => points[Math.min(Math.max(k, 0), last)],
    );
    for (let piece = 0; piece < 5; piece++) {
      const t = piece / 5;
      for (const axis of [0, 1] as const) {
        const [a, b, c, d] = [before[axis], from[axis], to[axis], after[axis]];
        out.push(b + (t / 2) * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a))));
      }
    }
  }
  return [...out, ...points[last]];
}

/** Part of an ellipse; angles in degrees, clockwise from the right. */
function arc(
  centreX: number,
  centreY: number,
  radiusX: number,
  radiusY: number,
  from: number,
  to: number,
): Polyline {
  const pieces = 24;
  return Array.from({ length: pieces + 1 }, (_, i) => {
    const angle = ((from + ((to - from) * i) / pieces) * Math.PI) / 180;
    return [centreX + radiusX * Math.cos(angle), centreY + radiusY * Math.sin(angle)];
  }).flat();
}
