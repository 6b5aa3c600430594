// What a chart shows: rows as values of categories, or as points in time.
import { type Column, isThing, type Language, type Row, type Show } from "../api/types";
import { dayOf } from "../ui/dates";
import { keysOf, NOTHING } from "../ui/keys";
import { asText } from "../ui/value";

export interface Value {
  readonly row: number;
  /** The column that the number stands in. */
  readonly column: string;
  readonly series: string;
  readonly number: number;
}

export interface Category {
  readonly key: string;
  readonly label: string;
  readonly values: readonly Value[];
}

/** The columns that can be drawn: those that the question names, then all others with numbers. */
export function numbersOf(
  columns: readonly Column[],
  show: Show,
): { readonly named: readonly string[]; readonly others: readonly string[] } {
  const known = new Set(columns.map((column) => column.name));
  const named = (typeof show.y === "string" ? [show.y] : (show.y ?? [])).filter((name) => known.has(name));
  const numeric = columns.filter((column) => !column.list && (column.type === "integer" || column.type === "number"));
  return { named, others: numeric.map((column) => column.name).filter((name) => !named.includes(name) && name !== show.x) };
}

/** The rows of each unit, the most frequent first; numbers of different units are never drawn on one scale. */
export function unitsOf(rows: readonly Row[], column: string | undefined): Map<string, number[]> {
  const found = new Map<string, number[]>();
  rows.forEach((row, place) => {
    const key = (column ? keysOf(row[column])[0] : undefined) ?? NOTHING;
    found.set(key, [...(found.get(key) ?? []), place]);
  });
  return new Map([...found].sort(([, a], [, b]) => b.length - a.length));
}

/** The numbers of some columns. Where there are several, each is a series of its own. */
export function valuesOf(rows: readonly Row[], chosen: readonly number[], columns: readonly string[], series: string | undefined): Value[] {
  return chosen.flatMap((row) =>
    columns.flatMap((column): Value[] => {
      const number = rows[row]?.[column];
      if (typeof number !== "number" || !Number.isFinite(number)) return [];
      const key = columns.length > 1 || !series ? column : (keysOf(rows[row]?.[series])[0] ?? NOTHING);
      return [{ row, column, series: key, number }];
    }),
  );
}

/** The values of each category, in the order of the answer. */
export function categoriesOf(rows: readonly Row[], values: readonly Value[], x: string, tongue: Language, untold: string): Category[] {
  const found = new Map<string, { label: string; values: Value[] }>();
  for (const value of values) {
    const cell = rows[value.row]?.[x];
    const key = JSON.stringify(keysOf(cell));
    const known = found.get(key) ?? { label: label(cell, tongue) || untold, values: [] };
    known.values.push(value);
    found.set(key, known);
  }
  return [...found].map(([key, own]) => ({ key, ...own }));
}

/** A year is no quantity: it has no separators. */
function label(cell: Row[string] | undefined, tongue: Language): string {
  return typeof cell === "number" ? String(cell) : asText(cell, tongue);
}

/** Whether parts can be put upon each other: no category has one twice, and none is less than nothing. */
export function isStackable(categories: readonly Category[]): boolean {
  return categories.every(
    ({ values }) => new Set(values.map((value) => value.series)).size === values.length && values.every(({ number }) => number >= 0),
  );
}

export interface Point extends Value {
  readonly day: number;
}

/** The values that have a time, in its order; null where x is no time at all. */
export function pointsOf(rows: readonly Row[], values: readonly Value[], x: string): Point[] | null {
  const times = values.map((value) => {
    const cell = rows[value.row]?.[x];
    return typeof cell === "number" || typeof cell === "string" ? dayOf(String(cell)) : null;
  });
  const isOther = rows.some((row) => {
    const cell = row[x];
    return cell !== null && cell !== undefined && (isThing(cell) || Array.isArray(cell) || dayOf(String(cell)) === null);
  });
  if (isOther || times.every((time) => time === null)) return null;
  return values
    .flatMap((value, place): Point[] => {
      const day = times[place];
      return day === null || day === undefined ? [] : [{ ...value, day }];
    })
    .sort((a, b) => a.day - b.day);
}
