function layerCosts(input: number[], layers: Layer[]): Cost[] {
  const costs: Cost[] = [];
  for (const layer of layers) {
    const [channels, height = 1, width = 1] = costs.at(-1)?.shape ?? input;
    switch (layer.kind) {
      case "linear": {
        const weights = channels * height * width * layer.out;
        costs.push({ shape: [layer.out], parameters: weights + layer.out, multiplyAdds: weights });
        break;
      }
      case "pool": {
        const rows = outputSize(height, layer.kernel, { stride: layer.stride });
        const columns = outputSize(width, layer.kernel, { stride: layer.stride });
        costs.push({ shape: [channels, rows, columns], parameters: 0, multiplyAdds: 0 });
        break;
      }
      case "conv": {
        const { out, kernel, stride = 1, padding = 0 } = layer;
        const rows = outputSize(height, kernel, { stride, padding });
        const columns = outputSize(width, kernel, { stride, padding });
        const weights = out * channels * kernel * kernel;
        costs.push({
          shape: [out, rows, columns],
          parameters: weights + out,
          multiplyAdds: weights * rows * columns,
        });
      }
    }
  }
  return costs;
}
