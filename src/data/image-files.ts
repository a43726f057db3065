import { Tensor } from "../tensor/tensor.js";
import { TensorDataset } from "./dataset.js";
import type { DownloadOptions, RemoteFile } from "./download.js";
import type { FileSource } from "./files.js";
import { DataFormatError } from "./errors.js";
import { parseIdx } from "./idx.js";
import { parseMat, type MatData } from "./mat.js";
import type { LabelledDataset } from "./toy-sets.js";

/** How much is read, and how files are downloaded. */
export interface ImageFileOptions extends DownloadOptions {
  /** How many images to take, the first ones; all by default. */
  count?: number;
}

/** Which part of a set, from where. */
export interface ImageSetOptions extends ImageFileOptions {
  /** The part to learn from (the default), or the one to test with. */
  split?: "train" | "test";
  /** Folder that holds the files; by default they are downloaded into a cache. */
  folder?: string;
}

const mnistMirror = "https://ossci-datasets.s3.amazonaws.com/mnist/";
const mnistFiles = {
  train: {
    images: "train-images-idx3-ubyte.gz",
    imagesSha256: "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
    labels: "train-labels-idx1-ubyte.gz",
    labelsSha256: "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
  },
  test: {
    images: "t10k-images-idx3-ubyte.gz",
    imagesSha256: "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
    labels: "t10k-labels-idx1-ubyte.gz",
    labelsSha256: "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
  },
};
const svhnFiles: Record<"train" | "test", RemoteFile> = {
  train: {
    url: "http://ufldl.stanford.edu/housenumbers/train_32x32.mat",
    sha256: "435e94d69a87fde4fd4d7f3dd208dfc32cb6ae8af2240d066de1df7508d083b8",
  },
  test: {
    url: "http://ufldl.stanford.edu/housenumbers/test_32x32.mat",
    sha256: "cdce80dfb2a2c4c6160906d0bd7c68ec5a99d7ca4831afa54f09182025b6a75b",
  },
};

/**
 * MNIST: 60 000 handwritten digits to learn from, 10 000 to test with. From a folder with the four files, packed (`.gz`)
 * or not, or downloaded once into a cache (11 MB). {@link digits} has the same format and needs no file.
 *
 * Shapes: `x [n, 1, 28, 28]` float32 from 0 to 1, `y [n]` int32.
 *
 * @throws DownloadError if a file cannot be downloaded; DataFormatError if it is damaged.
 * @see LeCun, Bottou, Bengio & Haffner (1998), Gradient-based learning applied to document recognition.
 */
export async function mnist({
  split = "train",
  folder,
  ...options
}: ImageSetOptions = {}): Promise<LabelledDataset> {
  const { images, imagesSha256, labels, labelsSha256 } = mnistFiles[split];
  if (folder === undefined) {
    const remote = (name: string, sha256: string): RemoteFile => ({ url: mnistMirror + name, sha256 });
    return idxImages(remote(images, imagesSha256), remote(labels, labelsSha256), options);
  }
  const { readFromFolder } = await import("./files.js");
  const read = (name: string) => readFromFolder(folder, [name, name.replace(/\.gz$/, "")]);
  return fromIdx(await read(images), await read(labels), options.count);
}

/**
 * Images and labels from two files of the IDX format, packed with gzip or not; a path, or an address with a checksum.
 * Fashion-MNIST, EMNIST and KMNIST ship in it, too.
 *
 * Shapes: images `[n, h, w]` of bytes, labels `[n]` → `x [n, 1, h, w]` float32 from 0 to 1, `y [n]` int32.
 *
 * @throws DownloadError if a file cannot be downloaded; DataFormatError if it is damaged or the two do not fit.
 */
export async function idxImages(
  images: FileSource,
  labels: FileSource,
  { count, ...options }: ImageFileOptions = {},
): Promise<LabelledDataset> {
  const { readSource } = await import("./files.js");
  return fromIdx(await readSource(images, options), await readSource(labels, options), count);
}

/**
 * SVHN: 73 257 cropped digits of house numbers to learn from, 26 032 to test with. From a folder with `train_32x32.mat` and
 * `test_32x32.mat`, or downloaded once into a cache (182 MB, 64 MB). {@link streetDigits} has the same format and needs no
 * file. All training images take 900 MB of memory; `count` takes fewer.
 *
 * Shapes: `x [n, 3, 32, 32]` float32 from 0 to 1, `y [n]` int32 (0 is the digit 0).
 *
 * @throws DownloadError if the file cannot be downloaded; DataFormatError if it is damaged.
 * @see Netzer, Wang, Coates, Bissacco, Wu & Ng (2011), Reading digits in natural images with unsupervised feature learning.
 */
export async function svhn({
  split = "train",
  folder,
  ...options
}: ImageSetOptions = {}): Promise<LabelledDataset> {
  if (folder === undefined) return svhnImages(svhnFiles[split], options);
  const { readFromFolder } = await import("./files.js");
  return fromSvhn(await readFromFolder(folder, [`${split}_32x32.mat`]), options.count);
}

/**
 * Images and labels from one file in SVHN's format: a MAT-file of version 5 with `X` [h, w, channels, n] of bytes and `y`
 * [n, 1] of labels 1 to 10, where 10 stands for the digit 0; a path, or an address with a checksum.
 *
 * @throws DownloadError if the file cannot be downloaded; DataFormatError if it is damaged.
 */
export async function svhnImages(
  file: FileSource,
  { count, ...options }: ImageFileOptions = {},
): Promise<LabelledDataset> {
  const { readSource } = await import("./files.js");
  return fromSvhn(await readSource(file, options), count);
}

function fromIdx(imageBytes: Uint8Array, labelBytes: Uint8Array, count?: number): LabelledDataset {
  const images = parseIdx(imageBytes, count);
  const labels = parseIdx(labelBytes, count);
  if (images.ndim !== 3 || labels.ndim !== 1 || images.shape[0] !== labels.shape[0]) {
    throw new DataFormatError(
      `IDX: images are [${images.shape.join(", ")}] and labels [${labels.shape.join(", ")}]. ` +
        `Expected [n, height, width] and [n].`,
    );
  }
  const [n, height, width] = images.shape;
  const pixels = Float32Array.from(images.data, (byte) => byte / 255);
  return new TensorDataset(new Tensor(pixels, [n, 1, height, width], "float32"), labels);
}

async function fromSvhn(bytes: Uint8Array, count = Infinity): Promise<LabelledDataset> {
  const arrays = await parseMat(bytes);
  const [X, y] = [arrays.get("X"), arrays.get("y")];
  const total = X?.shape[3] ?? 1;
  if (!X || !y || X.shape.length < 3 || X.shape.length > 4 || y.data.length !== total) {
    const found = Array.from(arrays, ([name, { shape }]) => `${name} [${shape.join(", ")}]`).join(", ");
    throw new DataFormatError(
      `SVHN: the file holds ${found || "no numeric arrays"}. Expected X [height, width, channels, n] and y [n, 1].`,
    );
  }
  const n = Math.min(total, count);
  const [height, width, channels] = X.shape;
  const classes = Int32Array.from(y.data.subarray(0, n), (label) => (label === 10 ? 0 : label));
  return new TensorDataset(
    new Tensor(rowMajor(X.data, n * channels, height, width), [n, channels, height, width], "float32"),
    new Tensor(classes, [n], "int32"),
  );
}

/** Planes of bytes whose rows run fastest, as planes from 0 to 1 whose columns do. */
function rowMajor(data: MatData, planes: number, height: number, width: number): Float32Array {
  const out = new Float32Array(planes * height * width);
  for (let plane = 0, at = 0; plane < planes; plane++) {
    const start = plane * height * width;
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) out[at++] = data[start + column * height + row] / 255;
    }
  }
  return out;
}
