import { noGrad } from "../tensor/grad-mode.js";
import { Generator, randn } from "../tensor/random.js";
import type { Tensor } from "../tensor/tensor.js";
import { contour } from "./contour.js";
import type { Figure } from "./figure.js";
import type { PlotOptions } from "./layout.js";
import { plot } from "./plot.js";
import { scatter } from "./scatter.js";

/** A direction in parameter space: one array per parameter, of its size. */
export type Direction = readonly Float64Array[];

/** The loss on a grid around the parameters: `loss[i][j]` at `alpha[j]` along the first direction, `beta[i]` along the second. */
export interface LossGrid {
  /** Steps along the first direction. */
  alpha: number[];
  /** Steps along the second direction. */
  beta: number[];
  /** The loss after both steps. */
  loss: number[][];
}

/** Where the loss is measured around the parameters. */
export interface LossGridOptions {
  /** The two directions; random filter-normalised ones unless told. */
  directions?: readonly [Direction, Direction];
  /** How far to go in each direction, 1 unless told: then a filter changes by as much as it is long. */
  radius?: number;
  /** Grid points along each axis, 21 unless told, an odd number so that the middle is the parameters themselves. */
  resolution?: number;
  /** Source of the random directions, seeded with 0 unless told. */
  generator?: Generator;
}

/**
 * A random direction whose filters are as long as the parameters': `d ← d · ‖θ‖ / ‖d‖` for each slice along the first
 * axis (an output neuron, a channel). Parameters of fewer than two axes (biases, normalisation) stay: they get zeros.
 *
 * @throws RangeError if no parameter has two or more axes.
 * @see Li, Xu, Taylor, Studer & Goldstein (2018), Visualizing the loss landscape of neural nets, §4.
 * @example
 * const weight = tensor([[3, 4]], { dtype: "float64" });
 * Math.hypot(...filterNormalizedDirection([weight], new Generator(1))[0]) // 5
 */
export function filterNormalizedDirection(parameters: readonly Tensor[], generator: Generator): Direction {
  if (!parameters.some(({ ndim }) => ndim > 1)) {
    throw new RangeError(
      `filterNormalizedDirection: none of the ${parameters.length} parameters has two or more axes, so there is ` +
        `nothing to move: biases stay. Pass the weights.`,
    );
  }
  return parameters.map(({ shape, size, data, ndim }) => {
    if (ndim < 2) return new Float64Array(size);
    const direction = Float64Array.from(randn([size], { generator, dtype: "float64" }).data);
    const filter = size / Math.max(shape[0], 1);
    for (let start = 0; start < size; start += filter) {
      const part = direction.subarray(start, start + filter);
      const scale = length(data.subarray(start, start + filter)) / (length(part) || 1);
      part.forEach((value, i) => (part[i] = value * scale));
    }
    return direction;
  });
}

function length(values: ArrayLike<number>): number {
  return Math.sqrt(Array.from(values).reduce((sum, value) => sum + value * value, 0));
}

/**
 * Evaluates the loss at `θ + α d₁ + β d₂` for α and β on a grid. The parameters' numbers are replaced in place while
 * `loss` runs, without recording for gradients, and are put back at the end, also after an error.
 *
 * Put the model into evaluation mode, and let `loss` use the same data each time.
 *
 * @throws RangeError if `resolution` is not an odd number from 3 to 101, `radius` is not positive, or a direction does
 *   not fit the parameters.
 * @example
 * const weight = tensor([[2, 0]]);
 * lossGrid([weight], () => mul(weight, weight).sum().item()).loss[10][10] // 4
 */
export function lossGrid(
  parameters: readonly Tensor[],
  loss: () => number,
  options: LossGridOptions = {},
): LossGrid {
  const { radius = 1, resolution = 21, generator = new Generator(0) } = options;
  if (!Number.isInteger(resolution) || resolution < 3 || resolution > 101 || resolution % 2 === 0) {
    throw new RangeError(`lossGrid: resolution is ${resolution}. Expected an odd number from 3 to 101.`);
  }
  if (!(radius > 0)) throw new RangeError(`lossGrid: radius is ${radius}. Expected a positive number.`);
  const [first, second] = options.directions ?? [
    filterNormalizedDirection(parameters, generator),
    filterNormalizedDirection(parameters, generator),
  ];
  for (const direction of [first, second]) checkDirection(direction, parameters);
  const middle = (resolution - 1) / 2;
  const along = Array.from({ length: resolution }, (_, i) => ((i - middle) / middle) * radius);
  const original = parameters.map(({ data }) => data.slice());
  const moveTo = (alpha: number, beta: number) =>
    parameters.forEach(({ data }, p) => {
      for (let i = 0; i < data.length; i++) {
        data[i] = original[p][i] + alpha * first[p][i] + beta * second[p][i];
      }
    });
  try {
    const rows = noGrad(() =>
      along.map((beta) =>
        along.map((alpha) => {
          moveTo(alpha, beta);
          return loss();
        }),
      ),
    );
    return { alpha: along, beta: along, loss: rows };
  } finally {
    parameters.forEach(({ data }, p) => data.set(original[p]));
  }
}

function checkDirection(direction: Direction, parameters: readonly Tensor[]): void {
  const sizes = parameters.map(({ size }) => size);
  const given = direction.map((part) => part.length);
  if (given.length === sizes.length && given.every((size, i) => size === sizes[i])) return;
  throw new RangeError(
    `lossGrid: a direction has sizes [${given.join(", ")}], the parameters have [${sizes.join(", ")}].`,
  );
}

/**
 * The loss around the parameters as a contour map; a cross marks the parameters themselves. Heights are the base-10
 * logarithm of the loss unless `log` is false, since losses rise by orders of magnitude; a loss that is not positive
 * and finite is a gap there.
 *
 * @throws RangeError if no loss is positive and finite, or none is finite where `log` is false.
 * @example
 * const weight = tensor([[2, 0]]);
 * const grid = lossGrid([weight], () => mul(weight, weight).sum().item(), { resolution: 3 });
 * lossSurface(grid).data.map((trace) => trace.type) // ["contour", "scatter"]
 */
export function lossSurface(
  { alpha, beta, loss }: LossGrid,
  { log = true, ...options }: PlotOptions & { log?: boolean } = {},
): Figure {
  const z = log ? loss.map((row) => row.map((value) => (value > 0 ? Math.log10(value) : NaN))) : loss;
  return plot(
    [
      contour({ x: alpha, y: beta, z, name: log ? "log₁₀ loss" : "loss" }),
      scatter({ x: [0], y: [0], name: "the parameters", symbol: "x", size: 11 }),
    ],
    {
      x: "α, along the first direction",
      y: "β, along the second direction",
      height: 460,
      ...options,
    },
  );
}
