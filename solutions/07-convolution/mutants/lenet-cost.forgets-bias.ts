// hint: The biases are missing: one for each filter, and one for each unit of a linear layer.
/** Output shape, parameters and multiply–adds of each layer, for one image of shape [C, H, W]. */
function layerCosts(input: number[], layers: Layer[]): Cost[] {
  let shape = input;
  return layers.map((layer) => {
    if (layer.kind === "linear") {
      const inputs = shape.reduce((a, b) => a * b);
      shape = [layer.out];
      return { shape, parameters: inputs * layer.out, multiplyAdds: inputs * layer.out };
    }
    const [channels, height, width] = shape;
    const places = [height, width].map((size) => outputSize(size, layer.kernel, layer));
    shape = [layer.kind === "conv" ? layer.out : channels, ...places];
    if (layer.kind === "pool") return { shape, parameters: 0, multiplyAdds: 0 };
    const taps = channels * layer.kernel ** 2;
    return {
      shape,
      parameters: taps * layer.out,
      multiplyAdds: taps * layer.out * places[0] * places[1],
    };
  });
}
