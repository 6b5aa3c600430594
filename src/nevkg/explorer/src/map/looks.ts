// How markers look: colour tells one thing, fill and outline another, form a third.
import { scaleSqrt } from "d3-scale";
import { NOTHING } from "../ui/keys";

/** How a status is told without colour; the first is that of the weightiest status. */
export const STYLES = ["solid", "tinted", "hollow", "dashed", "dotted", "crossed", "centred", "faint"] as const;
export type Style = (typeof STYLES)[number];

export function stylesOf(statuses: readonly string[]): Map<string, Style> {
  return new Map(statuses.map((key, place) => [key, key === NOTHING ? "faint" : (STYLES[place] ?? "faint")]));
}

export interface Sizes {
  readonly of: (size: number | null) => number;
  readonly steps: readonly number[];
}

const LEAST = 3; // radii in pixels
const UNSIZED = 4;
const PLAIN = 5.5; // where no marker has a size
const SMALL = 12; // the greatest radius of a small map

/** Radii by areas, so that twice the number is twice the ink. */
export function sizesOf(sizes: readonly (number | null)[], most: number): Sizes {
  const greatest = sizes.reduce<number>((found, size) => Math.max(found, size ?? 0), 0);
  const scale = scaleSqrt([0, greatest || 1], [0, most]);
  const small = most < SMALL;
  const round = greatest > 0 ? 10 ** Math.floor(Math.log10(greatest)) : 0;
  const top = round ? Math.floor(greatest / round) * round : 0;
  return {
    of: (size) => {
      if (!greatest) return small ? UNSIZED : PLAIN;
      return size === null ? (small ? LEAST : UNSIZED) : Math.max(LEAST, scale(Math.max(0, size)));
    },
    steps: top ? [top, top / 4, top / 20].filter((step) => scale(step) >= LEAST) : [],
  };
}

/** Shares of a hue for the areas of a map: by roots, since a few countries have most. */
export function shadesOf(sizes: readonly number[]): { readonly of: (size: number) => number; readonly steps: readonly number[] } {
  const greatest = sizes.reduce((found, size) => Math.max(found, size), 0) || 1;
  const scale = scaleSqrt([0, greatest], [8, 92]).clamp(true);
  const steps = [...new Set([greatest, greatest / 2, greatest / 5, greatest / 20].map((step) => (greatest > 8 ? Math.round(step) : step)))];
  return {
    of: scale,
    steps: (greatest <= 5 ? Array.from({ length: greatest }, (_, place) => greatest - place) : steps).filter((step) => step > 0),
  };
}
