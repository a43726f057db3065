// hint: Every layer was given the shape of the input. Each starts from the shape that the one before it made.
/** Output shape, parameters and multiply–adds of each layer, for one image of shape [C, H, W]. */
function layerCosts(input: number[], layers: Layer[]): Cost[] {
  let shape = input;
  return layers.map((layer) => {
    if (layer.kind === "linear") {
      const inputs = shape.reduce((a, b) => a * b);
      const made = [layer.out];
      return { shape: made, parameters: (inputs + 1) * layer.out, multiplyAdds: inputs * layer.out };
    }
    const [channels, height, width] = shape;
    const places = [height, width].map((size) => outputSize(size, layer.kernel, layer));
    const made = [layer.kind === "conv" ? layer.out : channels, ...places];
    if (layer.kind === "pool") return { shape: made, parameters: 0, multiplyAdds: 0 };
    const taps = channels * layer.kernel ** 2;
    return {
      shape: made,
      parameters: (taps + 1) * layer.out,
      multiplyAdds: taps * layer.out * places[0] * places[1],
    };
  });
}
