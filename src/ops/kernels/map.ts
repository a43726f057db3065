import type { Numbers } from "./strided.js";

/** `out[i] = f(x[i], …)` over one, two or three inputs as long as `out`. */
export function map(out: Numbers, inputs: readonly Numbers[], f: (...values: number[]) => number): void {
  const [a, b, c] = inputs as [Numbers, Numbers?, Numbers?];
  const n = out.length;
  if (c) for (let i = 0; i < n; i++) out[i] = f(a[i], b![i], c[i]);
  else if (b) for (let i = 0; i < n; i++) out[i] = f(a[i], b[i]);
  else for (let i = 0; i < n; i++) out[i] = f(a[i]);
}
