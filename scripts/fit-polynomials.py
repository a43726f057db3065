#!/usr/bin/env python3
"""Prints the polynomials of src/engine/assembly: math.ts, error-function.ts, trigonometry.ts and power.ts.

Least squares at Chebyshev points, reweighted until the largest error relative to the function stops falling (Lawson 1961).
For float32, coefficients are rounded one after the other, from the lowest power up, and those left fitted again. Those of
float64 may differ from the ones in use beyond the digits that their errors leave.
Needs numpy."""
import math
import numpy as np

Wide = np.longdouble


def points(low, high, count=3000):
    return (low + high) / 2 + (high - low) / 2 * np.cos(Wide(math.pi) * (np.arange(count) + Wide(0.5)) / count)


def lawson(columns, target, rounds=300):
    """Coefficients of the columns whose largest error is smallest."""
    weights, best = np.ones(len(target)), (math.inf, None)
    matrix = np.stack(columns, 1)
    sizes = np.abs(matrix).max(0).astype(float)
    for _ in range(rounds):
        root = np.sqrt(weights)
        scaled = matrix.astype(float) / sizes * root[:, None]
        coefficients = np.linalg.lstsq(scaled, target.astype(float) * root, rcond=None)[0] / sizes
        errors = np.abs(matrix @ coefficients.astype(Wide) - target).astype(float)
        best = min(best, (errors.max(), tuple(coefficients)))
        weights = weights * errors / (weights * errors).sum()
    return best


def fit(name, x, target, powers, relative_to, dtype=np.float32):
    columns, left = [x**power / relative_to for power in powers], target / relative_to
    error, coefficients = lawson(columns, left)
    if dtype is np.float32:
        rounded = []
        for i in range(len(columns)):
            rounded.append(float(np.float32(lawson(columns[i:], left)[1][0])))
            left = left - columns[i] * Wide(rounded[-1])
        coefficients, error = rounded, float(np.abs(left).max())
    print(f"{name}: relative error 2^{math.log2(error):.1f}")
    print("  " + ", ".join(repr(float(c)) for c in coefficients))


erf = np.vectorize(lambda v: Wide(math.erf(v)))
erfc = np.vectorize(lambda v: Wide(math.erfc(v)))

r = points(-math.log(2) / 2 * 1.001, math.log(2) / 2 * 1.001)
fit("expTerms", r, np.expm1(r) - r, range(2, 7), np.expm1(r))
f = points(math.sqrt(0.5) - 1, math.sqrt(2) - 1)
fit("logTerms", f, np.log1p(f) - f + f * f / 2, range(3, 11), np.log1p(f))
x = points(1e-4, 0.55)
fit("tanhTerms", x, np.tanh(x) - x, range(3, 10, 2), np.tanh(x))
x = points(1e-4, 1.0)
fit("erfTerms", x, erf(x) - x, range(1, 14, 2), erf(x))
z = points(0, 10.2, 4000)
scaled = np.exp(z * z) * erfc(z)
fit("erfcTerms", 1 / (1 + Wide(0.3) * z), scaled, range(1, 10), scaled)
x = points(1e-5, math.pi / 4 * 1.0001)
fit("sinTerms", x, np.sin(x) - x, range(3, 10, 2), np.sin(x), np.float64)
fit("cosTerms, from the third", x, np.cos(x) - 1 + x * x / 2, range(4, 11, 2), np.cos(x), np.float64)
s = points(1e-4, (math.sqrt(2) - 1) / (math.sqrt(2) + 1) * 1.0001)
log2 = np.log1p(2 * s / (1 - s)) / np.log(Wide(2))
fit("log2Terms", s, log2, range(1, 12, 2), log2, np.float64)
t = points(-0.5001, 0.5001)
fit("exp2Terms, from the second", t, np.exp2(t) - 1, range(1, 8), np.exp2(t), np.float64)
