function im2col(image: number[][][], kH: number, kW: number, options: Sliding = {}): number[][] {
  const { stride = 1, padding = 0, dilation = 1 } = options;
  const oH = outputSize(image[0].length, kH, options);
  const oW = outputSize(image[0][0].length, kW, options);
  return Array.from({ length: image.length * kH * kW }, (_, tap) => {
    const [c, k, l] = [Math.floor(tap / (kH * kW)), Math.floor(tap / kW) % kH, tap % kW];
    return Array.from({ length: oH * oW }, (_, place) => {
      const [i, j] = [Math.floor(place / oW), place % oW];
      return image[c][i * stride + k * dilation - padding]?.[j * stride + l * dilation - padding] ?? 0;
    });
  });
}

function conv2dByMatrix(x: Images, weight: Images, bias: number[], options: Sliding = {}): Images {
  const oW = outputSize(x[0][0][0].length, weight[0][0][0].length, options);
  return x.map((image) => {
    const columns = im2col(image, weight[0][0].length, weight[0][0][0].length, options);
    return weight.map((filter, o) => {
      const map: number[][] = [];
      const row = filter.flat().flat();
      for (let place = 0; place < columns[0].length; place++) {
        let sum = 0;
        for (let tap = row.length - 1; tap >= 0; tap--) sum += row[tap] * columns[tap][place];
        if (place % oW === 0) map.push([]);
        map[map.length - 1].push(sum + bias[o]);
      }
      return map;
    });
  });
}
