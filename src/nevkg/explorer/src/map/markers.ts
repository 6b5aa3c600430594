// Markers of a map, one for the rows of each place, with their styles and sizes; and shades of areas.

import { scaleSqrt } from "d3-scale";
import type { AnswerProps } from "../answer/roles";
import { type Cell, isThing, type Place, type Scalar, type Show } from "../api/types";
import { bestStanding, STANDING, type Standing } from "../state/standings";
import { each, keyOf, keysOf, NOTHING, orNothing } from "../ui/values";
import type { Gazetteer } from "./gazetteer";
import { holds, type Period } from "./periods";

export interface Marker {
  readonly key: string;
  readonly place: Place;
  readonly rows: readonly number[];
  /** The greatest actual number of its rows, or the greatest of the others if none is actual; null if no row has one. */
  readonly size: number | null;
  /** Whether its number is not actual, such as a planned one. */
  readonly isPlanned: boolean;
  /** The distinct keys of its colours. */
  readonly colors: readonly string[];
  readonly status: string;
  readonly standing: Standing | undefined;
  readonly homes: readonly string[];
  readonly isArea: boolean;
  readonly isCoarse: boolean;
}

interface Markers {
  readonly markers: readonly Marker[];
  /** The labels of entities without a position. */
  readonly unlocated: readonly string[];
}

type Roles = Pick<Show, "place" | "size" | "planned" | "solid" | "color" | "status" | "home">;

/** Returns the markers of rows. A marker has the status of its rows that is first in `order`, and the best of their standings. */
export function markersOf(
  { rows }: Pick<AnswerProps["answer"], "rows">,
  show: Roles,
  indices: readonly number[],
  gazetteer: Gazetteer,
  order: readonly string[] = [],
  standings: readonly Standing[] = [],
): Markers {
  const rowsOf = new Map<string, number[]>();
  const unlocated = new Map<string, string>();
  for (const row of indices) {
    for (const value of each(rows[row]?.[show.place ?? ""])) {
      if (isThing(value) && gazetteer.places.has(value.iri)) rowsOf.set(value.iri, [...(rowsOf.get(value.iri) ?? []), row]);
      else unlocated.set(isThing(value) ? value.iri : String(value), isThing(value) ? value.label : String(value));
    }
  }
  const cells = (own: readonly number[], column: string | undefined) => (column ? own.map((row) => rows[row]?.[column]) : []);
  const markers = [...rowsOf].map(([key, own]) => {
    const place = gazetteer.places.get(key) as Place;
    const isActual = (row: number) => !show.planned || keysOf(rows[row]?.[show.planned]).includes(show.solid ?? "");
    const actualSize = greatestNumber(cells(own.filter(isActual), show.size));
    const size = actualSize ?? greatestNumber(cells(own, show.size));
    return {
      key,
      place,
      rows: own,
      size,
      isPlanned: size !== null && actualSize === null,
      colors: distinctKeys(cells(own, show.color)),
      status: firstKey(distinctKeys(cells(own, show.status)), order),
      standing: bestStanding(standings, cells(own, STANDING)),
      homes: distinctKeys(cells(own, show.home)).filter(Boolean),
      isArea: gazetteer.areas.has(key),
      isCoarse: gazetteer.isCoarse(place),
    };
  });
  return { markers, unlocated: [...unlocated.values()] };
}

function firstKey(keys: readonly string[], order: readonly string[]): string {
  return order.find((key) => keys.includes(key)) ?? keys[0] ?? NOTHING;
}

function greatestNumber(cells: readonly (Cell | undefined)[]): number | null {
  const numbers = cells.filter((value): value is number => typeof value === "number");
  return numbers.length ? numbers.reduce((a, b) => Math.max(a, b)) : null;
}

function distinctKeys(cells: readonly (Cell | undefined)[]): string[] {
  return [...new Set(cells.flatMap((cell) => orNothing(keysOf(cell))))];
}

/** Ranks the values of a column by the number of rows or, with periods, by their total duration until a day. */
export function rankValues(
  rows: readonly Readonly<Record<string, Cell>>[],
  column: string,
  periods?: readonly Period[],
  until = 0,
): string[] {
  const weights = new Map<string, number>();
  rows.forEach((row, index) => {
    const period = periods?.[index];
    const weight = period && Number.isFinite(period.from) ? Math.max(0, Math.min(period.until, until) - period.from) : 1;
    for (const key of orNothing(keysOf(row[column]))) weights.set(key, (weights.get(key) ?? 0) + weight);
  });
  return [...weights].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([key]) => key);
}

/** An area that belongs to a group during a period. */
export interface Highlight {
  readonly place: string;
  readonly group: Scalar;
  readonly period: Period;
  readonly evidence: readonly string[];
}

/** Returns the areas of a group on a day. */
export function highlightsOn(highlights: readonly Highlight[], group: string, day: number): Map<string, Highlight> {
  return new Map(
    highlights
      .filter((highlight) => keyOf(highlight.group) === group && holds(highlight.period, day))
      .map((highlight) => [highlight.place, highlight]),
  );
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
