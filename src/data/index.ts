export * from "./data-loader.js";
export * from "./dataset.js";
export * from "./landscapes.js";
export * from "./recordings.js";
export * from "./split.js";
export * from "./standardizer.js";
export {
  blobs,
  moons,
  noisyPolynomial,
  rings,
  spirals,
  xor,
  type BlobOptions,
  type ClassesOptions,
  type LabelledDataset,
  type PolynomialOptions,
  type SpiralOptions,
  type ToyOptions,
} from "./toy-sets.js";
export { digits, type DigitsOptions } from "./digits.js";
export { streetDigits } from "./street-digits.js";
export {
  idxImages,
  mnist,
  svhn,
  svhnImages,
  type ImageFileOptions,
  type ImageSetOptions,
} from "./image-files.js";
export * from "./errors.js";
export * from "./idx.js";
export type { DownloadOptions, RemoteFile } from "./download.js";
export type { FileSource } from "./files.js";
