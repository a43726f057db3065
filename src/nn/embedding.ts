import { indexSelect } from "../ops/gather.js";
import { notEqual, where } from "../ops/compare.js";
import { reshape, unsqueeze } from "../ops/shape.js";
import { zeros } from "../tensor/create.js";
import { show } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { requireCounts } from "./check-options.js";
import { normal } from "./init.js";
import type { LayerOptions } from "./layer-options.js";
import { Module } from "./module.js";
import { Parameter } from "./parameter.js";

/** How an {@link Embedding} starts, and what it leaves out. */
export interface EmbeddingOptions extends LayerOptions {
  /** A word whose vector is 0 and is not learned, such as the one that fills up short sentences. None by default. */
  paddingIdx?: number | null | undefined;
}

/**
 * A learned vector for each of `numEmbeddings` words: picks rows of `weight`.
 *
 * Shapes: `x […]` whole numbers, `weight [numEmbeddings, dim]` → `[…, dim]`. Init: weight ~ N(0, 1).
 *
 * @throws RangeError if an element of `x` is not a whole number from 0 to numEmbeddings − 1.
 * @see Bengio, Ducharme, Vincent & Jauvin (2003), A neural probabilistic language model.
 * @example new nn.Embedding(100, 8).forward(tensor([[4, 2, 99]])).shape // [1, 3, 8]
 */
export class Embedding extends Module {
  readonly numEmbeddings: number;
  readonly embeddingDim: number;
  readonly paddingIdx: number | null;
  readonly weight: Parameter;

  constructor(
    numEmbeddings: number,
    embeddingDim: number,
    { paddingIdx = null, dtype = "float32", generator }: EmbeddingOptions = {},
  ) {
    super();
    requireCounts("Embedding", { numEmbeddings, embeddingDim });
    this.numEmbeddings = numEmbeddings;
    this.embeddingDim = embeddingDim;
    this.paddingIdx = paddingIdx;
    this.weight = new Parameter(normal(zeros([numEmbeddings, embeddingDim], { dtype }), 0, 1, { generator }));
    if (paddingIdx !== null) {
      this.#requireWord(paddingIdx, "paddingIdx");
      this.weight.elements.fill(0, paddingIdx * embeddingDim, (paddingIdx + 1) * embeddingDim);
    }
  }

  override forward(x: Tensor): Tensor {
    for (const word of x.elements) this.#requireWord(word, `an element of the input ${show(x.shape)}`);
    const rows = indexSelect(this.weight, 0, reshape(x, [x.size]));
    const vectors = reshape(rows, [...x.shape, this.embeddingDim]);
    if (this.paddingIdx === null) return vectors;
    return where(unsqueeze(notEqual(x, this.paddingIdx), -1), vectors, vectors.detach());
  }

  protected override describe(): string {
    const padding = this.paddingIdx === null ? "" : `, paddingIdx ${this.paddingIdx}`;
    return `${this.numEmbeddings} → ${this.embeddingDim}${padding}`;
  }

  #requireWord(word: number, what: string): void {
    if (Number.isInteger(word) && word >= 0 && word < this.numEmbeddings) return;
    throw new RangeError(
      `Embedding: ${what} is ${word}. With ${this.numEmbeddings} embeddings, expected whole numbers ` +
        `from 0 to ${this.numEmbeddings - 1}.`,
    );
  }
}
