function jacobianByVjps(vjp: (g: number[]) => number[], Q: number): number[][] {
  const places = [...new Array<number>(Q).keys()];
  return places.map((i) => vjp(places.map((k) => Number(k === i))));
}
