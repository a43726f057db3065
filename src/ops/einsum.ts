import { ShapeError } from "../tensor/errors.js";
import { show, sizeOf, stridesOf } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { defineComposite, type Op } from "./define-op.js";
import { gridPositions, upTo } from "./kernels/positions.js";
import { matmul } from "./matmul.js";
import { definePick } from "./pick.js";
import { sum } from "./reduce.js";
import { broadcastTo, permute, reshape } from "./shape.js";

/** A tensor whose axes have names, all different. */
interface Named {
  readonly x: Tensor;
  readonly labels: readonly string[];
}
type Sizes = ReadonlyMap<string, number>;

/**
 * Sums of products in Einstein's notation: a letter for each axis of each operand; letters that the result (behind `->`)
 * lacks are summed over. Without `->` the result has the letters that occur once, in alphabetical order.
 * A letter repeated within an operand takes its diagonal; `...` stands for any further axes, which broadcast.
 *
 * Operands are contracted from left to right, each pair by one batched matrix product.
 *
 * @throws ShapeError if the equation does not fit the operands, or one letter stands for two sizes.
 * @example einsum("ik,kj->ij", tensor([[1, 2]]), tensor([[3], [4]])).toArray() // [[11]]
 * @example einsum("ii", tensor([[1, 2], [3, 4]])).item() // 5
 * @example einsum("...i,...i->...", ones([5, 3]), ones([3])).toArray() // [3, 3, 3, 3, 3]
 */
export const einsum: Op<[equation: string, ...operands: Tensor[]]> = defineComposite(
  "einsum",
  (equation, ...operands) => {
    const { inputs, output } = parse(equation, operands);
    const sizes = sizesOf(equation, inputs, operands);
    const [first, ...rest] = operands.map((x, i) => distinct(x, inputs[i], sizes));
    const product = rest.reduce((sofar, next, i) => {
      const needed = [...output, ...rest.slice(i + 1).flatMap(({ labels }) => labels)];
      return contract(
        sumOut(sofar, [...needed, ...next.labels]),
        sumOut(next, [...needed, ...sofar.labels]),
        needed,
      );
    }, first);
    const { x, labels } = sumOut(product, output);
    return permute(
      x,
      output.map((label) => labels.indexOf(label)),
    );
  },
);

/** The labels of each operand's axes and of the result's. The axes of `...` are numbered from the last. */
function parse(equation: string, operands: readonly Tensor[]): { inputs: string[][]; output: string[] } {
  const [, left, right] = /^([a-zA-Z.,]*)(?:->([a-zA-Z.]*))?$/.exec(equation.replaceAll(" ", "")) ?? [];
  const terms = left?.split(",") ?? [];
  const readable = [...terms, right ?? ""].every((term) => /^[a-zA-Z]*(\.\.\.)?[a-zA-Z]*$/.test(term));
  if (left === undefined || !readable) {
    throw new ShapeError(
      `einsum: cannot read "${equation}". Expected letters and "..." for each operand, as in "ij,jk->ik".`,
    );
  }
  if (terms.length !== operands.length) {
    throw new ShapeError(
      `einsum: "${equation}" is about ${terms.length} operands, but ${operands.length} were given.`,
    );
  }
  const inputs = terms.map((term, i) => {
    const letters = term.replace("...", "").length;
    const further = operands[i].ndim - letters;
    if (further < 0 || (further > 0 && !term.includes("..."))) {
      throw new ShapeError(
        `einsum: "${term}" names ${letters} axes, but operand ${i} is ${show(operands[i].shape)}.`,
      );
    }
    return expandDots(term, further);
  });
  const all = inputs.flat();
  const dots = inputs
    .map((labels) => labels.filter((label) => label.startsWith(".")))
    .sort((a, b) => b.length - a.length)[0];
  if (right === undefined) {
    const once = all.filter(
      (label) => !label.startsWith(".") && all.indexOf(label) === all.lastIndexOf(label),
    );
    return { inputs, output: [...dots, ...once.sort()] };
  }
  const output = expandDots(right, dots.length);
  const wrong = output.find((label, i) => !all.includes(label) || output.indexOf(label) !== i);
  if (wrong === undefined) return { inputs, output };
  const reason = all.includes(wrong) ? "is there twice" : "is in no operand";
  throw new ShapeError(`einsum: "${equation}": the result's ${wrong} ${reason}.`);
}

/** A term as labels, `...` as `.2`, `.1` where it stands for two axes. */
function expandDots(term: string, count: number): string[] {
  const dots = upTo(count).map((i) => `.${count - i}`);
  const [before, after] = term.split("...");
  return after === undefined ? [...before] : [...before, ...dots, ...after];
}

function sizesOf(equation: string, inputs: readonly string[][], operands: readonly Tensor[]): Sizes {
  const sizes = new Map<string, number>();
  inputs.forEach((labels, i) =>
    labels.forEach((label, axis) => {
      const [known, size] = [sizes.get(label), operands[i].shape[axis]];
      const stretches = label.startsWith(".") && (size === 1 || known === 1);
      if (known !== undefined && known !== size && !stretches) {
        const name = label.startsWith(".") ? `axis -${label.slice(1)} of "..."` : label;
        throw new ShapeError(`einsum: "${equation}": ${name} has sizes ${known} and ${size}.`);
      }
      sizes.set(label, known === undefined || known === 1 ? size : known);
    }),
  );
  return sizes;
}

/** The operand with one axis per label: diagonals of repeated ones taken, those of `...` stretched. */
function distinct(x: Tensor, labels: readonly string[], sizes: Sizes): Named {
  const unique = [...new Set(labels)];
  const taken = unique.length < labels.length ? diagonal(x, labels) : x;
  const shape = unique.map((label) => sizes.get(label)!);
  return { x: broadcastTo(taken, shape), labels: unique };
}

/** The elements whose indices along all axes of one label are equal. */
const diagonal: Op<[x: Tensor, labels: readonly string[]]> = definePick(
  "diagonal",
  ({ shape }: Tensor, labels: readonly string[]) => {
    const strides = stridesOf(shape);
    const unique = [...new Set(labels)];
    const lists = unique.map((label) => upTo(shape[labels.indexOf(label)]));
    const steps = unique.map((label) =>
      strides.reduce((total, stride, axis) => (labels[axis] === label ? total + stride : total), 0),
    );
    return { shape: lists.map(({ length }) => length), positions: gridPositions(steps, lists) };
  },
);

/** Sums over the axes whose labels nothing else needs. */
function sumOut({ x, labels }: Named, needed: readonly string[]): Named {
  const gone = upTo(labels.length).filter((axis) => !needed.includes(labels[axis]));
  if (gone.length === 0) return { x, labels };
  return { x: sum(x, gone), labels: labels.filter((label) => needed.includes(label)) };
}

/** The product of two, summed over the labels they share and nothing else needs: `[batch, m, k] @ [batch, k, n]`. */
function contract(a: Named, b: Named, needed: readonly string[]): Named {
  const shared = a.labels.filter((label) => b.labels.includes(label));
  const batch = shared.filter((label) => needed.includes(label));
  const k = shared.filter((label) => !needed.includes(label));
  const m = a.labels.filter((label) => !shared.includes(label));
  const n = b.labels.filter((label) => !shared.includes(label));
  const product = matmul(grouped(a, [batch, m, k]), grouped(b, [batch, k, n]));
  const size = (label: string) => a.x.shape[a.labels.indexOf(label)] ?? b.x.shape[b.labels.indexOf(label)];
  const labels = [...batch, ...m, ...n];
  return { x: reshape(product, labels.map(size)), labels };
}

/** The tensor with its axes in the order of the groups, and each group joined into one axis. */
function grouped({ x, labels }: Named, groups: readonly (readonly string[])[]): Tensor {
  const order = groups.flat().map((label) => labels.indexOf(label));
  const axes = groups.map((group) => group.map((label) => x.shape[labels.indexOf(label)]));
  return reshape(permute(x, order), axes.map(sizeOf));
}
