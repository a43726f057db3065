// gradlab, for the side-by-side benchmarks: copy into their folder `peers` and run with PERF_GRADLAB pointing at the built
// package's folder (by default the installed package `gradlab`), and GRADLAB_THREADS at the number of threads.
// `lib/data.mjs`, beside that folder, has the data and the initial weights that all peers share.
const D = await import(new URL("../lib/data.mjs", import.meta.url));

export async function create(options = {}) {
  process.env.GRADLAB_THREADS ??= String(options.threads ?? 1);
  const folder = process.env.PERF_GRADLAB;
  const gradlab = await import(folder ? `${folder}/dist/index.js` : "gradlab");
  const { Adam, Tensor, Value, exp, nn, noGrad, relu, tensor, ones } = gradlab;
  const float = (numbers, shape) => tensor(numbers).reshape(shape);
  const parameter = (numbers, shape) => new nn.Parameter(float(numbers, shape));
  const parametersOf = ({ params }) =>
    Object.fromEntries(params.map(([name, shape, seed]) => [name, parameter(D.init(shape, seed), shape)]));

  function linear(weight, bias) {
    const layer = new nn.Linear(weight.shape[1], weight.shape[0]);
    noGrad(() => {
      layer.weight.assign(weight);
      layer.bias.assign(bias);
    });
    return layer;
  }

  function conv(weight, bias, settings) {
    const [outChannels, inChannels, kernel] = weight.shape;
    const layer = new nn.Conv2d(inChannels, outChannels, kernel, { ...settings, bias: bias !== undefined });
    noGrad(() => {
      layer.weight.assign(weight);
      if (bias) layer.bias.assign(bias);
    });
    return layer;
  }

  /** Trains with Adam; a step reads the loss as a number. */
  function training(model, input, labels) {
    const { lr, b1, b2, eps } = D.ADAM;
    const optimizer = new Adam(model.parameters(), { lr, betas: [b1, b2], eps });
    let last;
    return {
      step() {
        optimizer.zeroGrad();
        const loss = nn.crossEntropy(model.forward(input), labels);
        loss.backward();
        optimizer.step();
        last = loss.item();
      },
      loss: () => last,
    };
  }

  class Residual extends nn.Module {
    constructor(first, second, projection) {
      super();
      this.first = first;
      this.second = second;
      this.projection = projection;
    }
    forward(x) {
      const h = this.second.forward(relu(this.first.forward(x)));
      return relu(h.add(this.projection ? this.projection.forward(x) : x));
    }
  }

  return {
    matmul(n) {
      const a = float(D.uniform(n * n, 7, -1, 1), [n, n]);
      const b = float(D.uniform(n * n, 8, -1, 1), [n, n]);
      let c;
      return {
        step() {
          c = a.matmul(b);
        },
        loss: () => c.data[n + 2],
      };
    },

    chain(rows, columns, mode) {
      const requiresGrad = mode === "grad";
      const leaf = (numbers, shape) => new Tensor(numbers, shape, "float32");
      const [a, b, d] = [
        float(D.uniform(rows * columns, 7, -1, 1), [rows, columns]),
        leaf(D.uniform(columns, 8, -1, 1), [columns]),
        leaf(D.uniform(rows, 9, -1, 1), [rows, 1]),
      ];
      if (requiresGrad) a.requiresGrad = true;
      let last;
      return {
        step() {
          a.grad = null;
          const sum = exp(relu(a.mul(b).add(d))).sum();
          if (requiresGrad) sum.backward();
          last = sum.item();
        },
        loss: () => last,
      };
    },

    mlp() {
      const { w1, b1, w2, b2 } = parametersOf(D.MLP);
      const model = new nn.Sequential(linear(w1, b1), new nn.ReLU(), linear(w2, b2));
      return training(model, float(D.uniform(64 * 784, 1, 0, 1), [64, 784]), tensor(D.labels(64, 10, 2)));
    },

    lenet() {
      const p = parametersOf(D.LENET);
      const model = new nn.Sequential(
        ...[conv(p.c1, p.cb1, { padding: 2 }), new nn.ReLU(), new nn.MaxPool2d(2)],
        ...[conv(p.c2, p.cb2, {}), new nn.ReLU(), new nn.MaxPool2d(2), new nn.Flatten()],
        ...[linear(p.f1, p.fb1), new nn.ReLU(), linear(p.f2, p.fb2), new nn.ReLU(), linear(p.f3, p.fb3)],
      );
      const input = float(D.uniform(32 * 784, 3, 0, 1), [32, 1, 28, 28]);
      return training(model, input, tensor(D.labels(32, 10, 4)));
    },

    resnet() {
      const p = parametersOf(D.RESNET);
      const normalized = (name, stride = 1) => {
        const weight = p[name];
        const padding = weight.shape[2] >> 1;
        const norm = new nn.BatchNorm2d(weight.shape[0], { trackRunningStats: false });
        return new nn.Sequential(conv(weight, undefined, { stride, padding }), norm);
      };
      const block = (name, stride, projected) =>
        new Residual(
          normalized(`${name}a`, stride),
          normalized(`${name}b`),
          projected ? normalized(`${name}p`, stride) : null,
        );
      const model = new nn.Sequential(
        ...[
          normalized("stem"),
          new nn.ReLU(),
          block("s1", 1, false),
          block("s2", 2, true),
          block("s3", 2, true),
        ],
        ...[new nn.GlobalAvgPool2d(), linear(p.fc, p.fcb)],
      );
      const input = float(D.uniform(16 * 3 * 1024, 5, 0, 1), [16, 3, 32, 32]);
      return training(model, input, tensor(D.labels(16, 10, 6)));
    },

    dispatch(count) {
      const x = ones([4], { requiresGrad: true });
      const c = tensor(new Float32Array(4).fill(1e-4));
      let last;
      return {
        step() {
          x.grad = null;
          let h = x;
          for (let i = 0; i < count; i++) h = h.add(c);
          h.sum().backward();
          last = x.grad.data[0];
        },
        loss: () => last,
      };
    },

    scalar(count) {
      const numbers = Array.from(D.uniform(1000, 31, 0.1, 0.9));
      let last;
      return {
        step() {
          const leaves = numbers.map((number) => new Value(number));
          let h = leaves[0];
          for (let n = 1000, i = 0; n + 3 <= count; n += 3, i++) {
            h = h
              .mul(leaves[i % 1000])
              .add(leaves[(i * 7 + 1) % 1000])
              .relu();
          }
          h.backward();
          last = h.data;
          for (const leaf of leaves) last += leaf.grad;
        },
        loss: () => last,
      };
    },
  };
}
