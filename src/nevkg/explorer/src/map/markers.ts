// What a map shows: the rows of one place as one marker.
import type { AnswerProps } from "../answer/roles";
import { type Cell, isThing, type Place, type Scalar, type Show } from "../api/types";
import { bestStanding, STANDING, type Standing } from "../state/standings";
import { keysOf, NOTHING, orNothing } from "../ui/keys";
import { each } from "../ui/value";
import type { Gazetteer } from "./gazetteer";
import { holds, type Spell } from "./spells";

export interface Marker {
  readonly key: string;
  readonly place: Place;
  readonly rows: readonly number[];
  /** The greatest number of its rows; null where none is known. */
  readonly size: number | null;
  /** What it is coloured by, each once. */
  readonly colors: readonly string[];
  readonly status: string;
  readonly standing: Standing | undefined;
  readonly homes: readonly string[];
  readonly isArea: boolean;
  readonly isCoarse: boolean;
}

export interface Markers {
  readonly markers: readonly Marker[];
  /** What no position is known of. */
  readonly lost: readonly string[];
}

type Roles = Pick<Show, "place" | "size" | "color" | "status" | "home">;

/** Where the rows of one place have several statuses, it has that which comes first in `order`; of several standings the best. */
export function markersOf(
  { rows }: Pick<AnswerProps["answer"], "rows">,
  show: Roles,
  chosen: readonly number[],
  where: Gazetteer,
  order: readonly string[] = [],
  standings: readonly Standing[] = [],
): Markers {
  const found = new Map<string, number[]>();
  const lost = new Map<string, string>();
  for (const row of chosen) {
    for (const value of each(rows[row]?.[show.place ?? ""])) {
      if (isThing(value) && where.places.has(value.iri)) found.set(value.iri, [...(found.get(value.iri) ?? []), row]);
      else lost.set(isThing(value) ? value.iri : String(value), isThing(value) ? value.label : String(value));
    }
  }
  const cells = (own: readonly number[], column: string | undefined) => (column ? own.map((row) => rows[row]?.[column]) : []);
  const markers = [...found].map(([key, own]) => {
    const place = where.places.get(key) as Place;
    return {
      key,
      place,
      rows: own,
      size: greatest(cells(own, show.size)),
      colors: distinct(cells(own, show.color)),
      status: first(distinct(cells(own, show.status)), order),
      standing: bestStanding(standings, cells(own, STANDING)),
      homes: distinct(cells(own, show.home)).filter(Boolean),
      isArea: where.areas.has(key),
      isCoarse: where.isCoarse(place),
    };
  });
  return { markers, lost: [...lost.values()] };
}

function first(keys: readonly string[], order: readonly string[]): string {
  return order.find((key) => keys.includes(key)) ?? keys[0] ?? NOTHING;
}

function greatest(cells: readonly (Cell | undefined)[]): number | null {
  const numbers = cells.filter((value): value is number => typeof value === "number");
  return numbers.length ? numbers.reduce((a, b) => Math.max(a, b)) : null;
}

function distinct(cells: readonly (Cell | undefined)[]): string[] {
  return [...new Set(cells.flatMap((cell) => orNothing(keysOf(cell))))];
}

/** The values of a column, the weightiest first: that which is most frequent, or lasts longest until a day. */
export function ranked(rows: readonly Readonly<Record<string, Cell>>[], column: string, spells?: readonly Spell[], until = 0): string[] {
  const weights = new Map<string, number>();
  rows.forEach((row, place) => {
    const spell = spells?.[place];
    const lasts = spell && Number.isFinite(spell.from) ? Math.max(0, Math.min(spell.until, until) - spell.from) : 1;
    for (const key of orNothing(keysOf(row[column]))) weights.set(key, (weights.get(key) ?? 0) + lasts);
  });
  return [...weights].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([key]) => key);
}

export interface Shade {
  readonly place: string;
  readonly group: Scalar;
  readonly spell: Spell;
  readonly evidence: readonly string[];
}

/** The areas that are shaded on a day. */
export function shaded(shades: readonly Shade[], group: string, on: number): Map<string, Shade> {
  return new Map(
    shades
      .filter((one) => (isThing(one.group) ? one.group.iri : String(one.group)) === group && holds(one.spell, on))
      .map((one) => [one.place, one]),
  );
}
