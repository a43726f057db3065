import { describe, expect, test } from "vitest";
import { nn, type Tensor } from "../../src/index.js";
import { casesOf, expectRecorded, restore, weights, type Recorded } from "./recorded.js";

interface LayerCase {
  layer: string;
  args: unknown[];
  dtype: "float32" | "float64";
  training: boolean;
  state: Record<string, Recorded>;
  inputs: Recorded[];
  output: Recorded;
  gradients: (Recorded | null)[];
  parameterGradients: Record<string, Recorded>;
  buffers: Record<string, Recorded>;
}

const classes = nn as unknown as Record<string, new (...args: unknown[]) => nn.Module<Tensor[]>>;

describe.for(["layers", "normalization", "convolution", "pooling", "blocks"])(
  "as PyTorch computes it: %s",
  (family) => {
    test.for(casesOf<LayerCase>(family).map((each, i) => [title(each, i), each] as const))(
      "%s",
      ([, recorded]) => {
        const layer = build(recorded).train(recorded.training);
        layer.loadStateDict(
          Object.fromEntries(Object.entries(recorded.state).map(([name, x]) => [name, restore(x)])),
        );
        const inputs = recorded.inputs.map(restore);
        inputs.forEach((input, i) => (input.requiresGrad = recorded.gradients[i] !== null));

        const output = layer.forward(...inputs);
        expectRecorded(output, recorded.output, "output");
        if (output.requiresGrad) output.backward({ gradient: weights(output) });
        inputs.forEach((input, i) => {
          const gradient = recorded.gradients[i];
          if (gradient) expectRecorded(input.grad, gradient, `gradient of input ${i}`);
        });
        const parameters = layer.namedParameters();
        expect(parameters.map(([name]) => name)).toEqual(Object.keys(recorded.parameterGradients));
        for (const [name, { grad }] of parameters) {
          expectRecorded(grad, recorded.parameterGradients[name], `gradient of ${name}`);
        }
        const buffers = layer.namedBuffers();
        expect(buffers.map(([name]) => name)).toEqual(Object.keys(recorded.buffers));
        for (const [name, buffer] of buffers) expectRecorded(buffer, recorded.buffers[name], name);
      },
    );
  },
);

/** Constructor arguments end with options; those of layers with parameters say their dtype, too. */
function build({ layer, args, dtype, state }: LayerCase): nn.Module<Tensor[]> {
  if (Object.keys(state).length === 0) return new classes[layer](...args);
  const last = args.at(-1);
  const hasOptions = typeof last === "object" && !Array.isArray(last);
  const [positional, options] = hasOptions ? [args.slice(0, -1), last] : [args, {}];
  return new classes[layer](...positional, { ...options, dtype });
}

function title({ layer, args, dtype, training, inputs }: LayerCase, i: number): string {
  const shapes = inputs.map(({ shape }) => `[${shape.join(", ")}]`).join(", ");
  const mode = training ? "training" : "eval";
  return `${i} ${layer}(${args.map((arg) => JSON.stringify(arg)).join(", ")}) of ${shapes}, ${dtype}, ${mode}`;
}
