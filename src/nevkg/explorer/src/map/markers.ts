// Markers of a map: one for the rows of each place.
import type { AnswerProps } from "../answer/roles";
import { type Cell, isThing, type Place, type Scalar, type Show } from "../api/types";
import { bestStanding, STANDING, type Standing } from "../state/standings";
import { keyOf, keysOf, NOTHING, orNothing } from "../ui/keys";
import { each } from "../ui/value";
import type { Gazetteer } from "./gazetteer";
import { holds, type Period } from "./periods";

export interface Marker {
  readonly key: string;
  readonly place: Place;
  readonly rows: readonly number[];
  /** The greatest number of its rows; null if no row has one. */
  readonly size: number | null;
  /** The distinct keys of its colours. */
  readonly colors: readonly string[];
  readonly status: string;
  readonly standing: Standing | undefined;
  readonly homes: readonly string[];
  readonly isArea: boolean;
  readonly isCoarse: boolean;
}

export interface Markers {
  readonly markers: readonly Marker[];
  /** The labels of entities without a position. */
  readonly unlocated: readonly string[];
}

type Roles = Pick<Show, "place" | "size" | "color" | "status" | "home">;

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
    return {
      key,
      place,
      rows: own,
      size: greatestNumber(cells(own, show.size)),
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
