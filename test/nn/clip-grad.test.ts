import { describe, expect, test } from "vitest";
import { nn, zeros, type Tensor } from "../../src/index.js";
import { casesOf, expectRecorded, restore, type Recorded } from "./recorded.js";

interface ClipCase {
  clip: "clipGradNorm" | "clipGradValue";
  max: number;
  normType?: number | string;
  norm?: number;
  gradients: Recorded[];
  clipped: Recorded[];
}

describe("as PyTorch computes it", () => {
  const cases = casesOf<ClipCase>("clipping");
  test.for(cases)(
    "$clip to $max, norm type $normType",
    ({ clip, max, normType, norm, gradients, clipped }) => {
      const parameters = gradients.map((gradient) => withGradient(restore(gradient)));
      if (clip === "clipGradValue") nn.clipGradValue(parameters, max);
      else {
        const before = nn.clipGradNorm(parameters, max, { normType: Number(normType) });
        expect(before).toBeAllClose(norm!, { rtol: 1e-12 });
      }
      parameters.forEach(({ grad }, i) => expectRecorded(grad, clipped[i], `gradient ${i}`));
    },
  );
});

test("parameters without gradient are passed over, and no gradients at all have norm 0", () => {
  const untouched = zeros([2], { requiresGrad: true });
  expect(nn.clipGradNorm([untouched], 1)).toBe(0);
  nn.clipGradValue([untouched], 1);
  expect(untouched.grad).toBeNull();
});

test("a gradient that is NaN or infinite shows in the norm", () => {
  expect(nn.clipGradNorm([withGradient(zeros([2]).div(0))], 1)).toBeNaN();
  expect(nn.clipGradNorm([withGradient(zeros([2]).sub(1).div(0))], 1)).toBe(Infinity);
});

test("gradients whose squares overflow are clipped all the same", () => {
  const huge = withGradient(zeros([2], { dtype: "float64" }).add(1e200));
  expect(nn.clipGradNorm([huge], 1)).toBeAllClose(Math.SQRT2 * 1e200);
  expect(huge.grad).toBeAllClose([Math.SQRT1_2, Math.SQRT1_2]);
});

function withGradient(gradient: Tensor): Tensor {
  const parameter = zeros(gradient.shape, { dtype: gradient.dtype, requiresGrad: true });
  parameter.grad = gradient;
  return parameter;
}
