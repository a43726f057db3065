interface Standardized {
  values: Tensor;
  mean: Tensor;
  variance: Tensor;
}

function standardize(x: Tensor, axes: number[], eps = 1e-5): Standardized {
  // The list of an element is named by its position on the axes that are not pooled.
  const keyShape = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const keyOf = (i: number) => {
    let [rest, key, stride] = [i, 0, 1];
    for (let axis = x.ndim - 1; axis >= 0; axis--) {
      const position = rest % x.shape[axis];
      rest = Math.floor(rest / x.shape[axis]);
      if (axes.includes(axis)) continue;
      key += stride * position;
      stride *= x.shape[axis];
    }
    return key;
  };
  const lists = keyShape.reduce((product, size) => product * size, 1);
  const mean = new Float64Array(lists);
  const variance = new Float64Array(lists);
  const count = x.size / lists;
  x.data.forEach((value, i) => (mean[keyOf(i)] += value / count));
  x.data.forEach((value, i) => (variance[keyOf(i)] += (value - mean[keyOf(i)]) ** 2 / count));
  const values = Float64Array.from(x.data, (value, i) => {
    const key = keyOf(i);
    return (value - mean[key]) / Math.sqrt(variance[key] + eps);
  });
  return {
    values: tensor(values).reshape(x.shape),
    mean: tensor(mean).reshape(keyShape),
    variance: tensor(variance).reshape(keyShape),
  };
}
