import { convert } from "../tensor/dtype.js";
import { Tensor } from "../tensor/tensor.js";
import { TensorDataset } from "./dataset.js";
import { generatorOr, randomIndex } from "./shuffle.js";
import { checkCount, labels, type LabelledDataset, type ToyOptions } from "./toy-sets.js";

/** What is in the recordings, and where. */
export interface RecordingOptions extends ToyOptions {
  /** Samples of sound per recording, 32 by default. */
  length?: number;
  /** What to listen for; by default eight samples of a falling chirp. */
  pattern?: readonly number[];
  /** First and last place where a pattern may start; everywhere by default. */
  positions?: readonly [first: number, last: number];
}

/** A tone that gets lower and dies away: it sounds different backwards. */
const chirp: readonly number[] = [1, -1, 0.9, 0.8, -0.8, -0.6, -0.4, 0.5];

/**
 * Recordings of noise (0.2 by default) with something in them: in class 1 the pattern, in class 0 the pattern backwards,
 * which is just as loud. Where it stands is random. "Is the pattern in the recording?" is a question for a network that
 * scans; train with `positions` on the left and test on the right to see one that does not scan fail.
 *
 * Shapes: `x [count, 1, length]` (one channel), `y [count]` int32: 0 and 1 in turn.
 *
 * @throws RangeError if count is not a whole number from 1, or the pattern does not fit at the positions.
 * @see Waibel, Hanazawa, Hinton, Shikano & Lang (1989), Phoneme recognition using time-delay neural networks.
 * @example
 * const [x] = patternInRecording(2, { length: 5, pattern: [1, 2], noise: 0, positions: [3, 3] }).tensors;
 * x.toArray() // [[[0, 0, 0, 2, 1]], [[0, 0, 0, 1, 2]]]
 */
export function patternInRecording(
  count: number,
  {
    length = 32,
    pattern = chirp,
    positions,
    noise = 0.2,
    generator,
    dtype = "float32",
  }: RecordingOptions = {},
): LabelledDataset {
  checkCount("patternInRecording", count);
  const [first, last] = positions ?? [0, length - pattern.length];
  const inside = Number.isInteger(first) && Number.isInteger(last) && first >= 0;
  if (!(inside && first <= last && last + pattern.length <= length)) {
    throw new RangeError(
      `patternInRecording: ${pattern.length} samples of pattern starting at ${first} to ${last} ` +
        `do not fit into ${length} samples of recording.`,
    );
  }
  const random = generatorOr(generator);
  const sound = Float64Array.from({ length: count * length }, () => noise * random.normal());
  for (let i = 0; i < count; i++) {
    const heard = i % 2 === 1 ? pattern : pattern.toReversed();
    const start = i * length + first + randomIndex(last - first + 1, random);
    heard.forEach((value, t) => (sound[start + t] += value));
  }
  const x = new Tensor(convert(sound, dtype), [count, 1, length], dtype);
  return new TensorDataset(
    x,
    labels(count, (i) => i % 2),
  );
}
