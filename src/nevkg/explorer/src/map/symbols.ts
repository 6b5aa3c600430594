// Symbols of a map: styles of markers by status, sizes of markers, and shades of areas.
import { scaleSqrt } from "d3-scale";
import { NOTHING } from "../ui/keys";

/** Styles that distinguish statuses without colour; the first is for the highest-ranked status. */
export const STYLES = ["solid", "tinted", "hollow", "dashed", "dotted", "crossed", "centred", "faint"] as const;
export type Style = (typeof STYLES)[number];

export function stylesOf(statuses: readonly string[]): Map<string, Style> {
  return new Map(statuses.map((key, index) => [key, key === NOTHING ? "faint" : (STYLES[index] ?? "faint")]));
}

export interface Sizes {
  readonly of: (size: number | null) => number;
  readonly steps: readonly number[];
}

// Radii in pixels.
const MIN_RADIUS = 3;
const UNKNOWN_RADIUS = 4; // of a marker without a size
const DEFAULT_RADIUS = 5.5; // if no marker has a size
const SMALL_MAP_RADIUS = 12; // a map with a smaller maximum is small

/** Returns radii so that the area of a marker is proportional to its number. */
export function sizesOf(sizes: readonly (number | null)[], maxRadius: number): Sizes {
  const greatest = sizes.reduce<number>((max, size) => Math.max(max, size ?? 0), 0);
  const scale = scaleSqrt([0, greatest || 1], [0, maxRadius]);
  const isSmall = maxRadius < SMALL_MAP_RADIUS;
  const round = greatest > 0 ? 10 ** Math.floor(Math.log10(greatest)) : 0;
  const top = round ? Math.floor(greatest / round) * round : 0;
  return {
    of: (size) => {
      if (!greatest) return isSmall ? UNKNOWN_RADIUS : DEFAULT_RADIUS;
      return size === null ? (isSmall ? MIN_RADIUS : UNKNOWN_RADIUS) : Math.max(MIN_RADIUS, scale(Math.max(0, size)));
    },
    steps: top ? [top, top / 4, top / 20].filter((step) => scale(step) >= MIN_RADIUS) : [],
  };
}

/** Returns percentages of the shade of areas, on a square-root scale since a few countries have most of the total. */
export function shadesOf(sizes: readonly number[]): { readonly of: (size: number) => number; readonly steps: readonly number[] } {
  const greatest = sizes.reduce((max, size) => Math.max(max, size), 0) || 1;
  const scale = scaleSqrt([0, greatest], [8, 92]).clamp(true);
  const steps = [...new Set([greatest, greatest / 2, greatest / 5, greatest / 20].map((step) => (greatest > 8 ? Math.round(step) : step)))];
  return {
    of: scale,
    steps: (greatest <= 5 ? Array.from({ length: greatest }, (_, index) => greatest - index) : steps).filter((step) => step > 0),
  };
}
