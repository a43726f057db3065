/** Points as people write them: at most two digits behind the point. */
export function points(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** The same with the noun. */
export function inPoints(value: number): string {
  return `${points(value)} ${value === 1 ? "point" : "points"}`;
}

export function percent(fraction: number): string {
  return `${Math.round(fraction * 100)} %`;
}
