function layerCosts(input: number[], layers: Layer[]): Cost[] {
  const product = (numbers: number[]) => numbers.reduce((a, b) => a * b, 1);
  let shape = [...input];
  return layers.map((layer) => {
    const before = shape;
    const places =
      layer.kind === "linear" ? [] : before.slice(1).map((size) => outputSize(size, layer.kernel, layer));
    const out = layer.kind === "pool" ? before[0] : layer.out;
    shape = [out, ...places];
    const each =
      layer.kind === "linear"
        ? product(before)
        : layer.kind === "conv"
          ? before[0] * layer.kernel * layer.kernel
          : 0;
    return {
      shape,
      parameters: each === 0 ? 0 : out * each + out,
      multiplyAdds: out * each * product(places),
    };
  });
}
