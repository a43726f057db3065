// hint: You took the height for the width. Images need not be square.
/** Output shape, parameters and multiply–adds of each layer, for one image of shape [C, H, W]. */
function layerCosts(input: number[], layers: Layer[]): Cost[] {
  let shape = input;
  return layers.map((layer) => {
    if (layer.kind === "linear") {
      const inputs = shape.reduce((a, b) => a * b);
      shape = [layer.out];
      return { shape, parameters: (inputs + 1) * layer.out, multiplyAdds: inputs * layer.out };
    }
    const [channels, height, width] = shape;
    const places = [height, height].map((size) => outputSize(size, layer.kernel, layer));
    shape = [layer.kind === "conv" ? layer.out : channels, ...places];
    if (layer.kind === "pool") return { shape, parameters: 0, multiplyAdds: 0 };
    const taps = channels * layer.kernel ** 2;
    return {
      shape,
      parameters: (taps + 1) * layer.out,
      multiplyAdds: taps * layer.out * places[0] * places[1],
    };
  });
}
