// What a chart shows: rows as values of categories, or as points in time.

import { yearsOf } from "../answer/roles";
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
  /** The line that it is on: of one series, metric, kind of value and length of period. */
  readonly line: string;
  /** Whether it is a target, plan or forecast, as the question says. */
  readonly dashed: boolean;
  /** The lower end, where it is the upper end of a range. */
  readonly low: number | null;
}

type Roles = Pick<Show, "series" | "apart" | "solid" | "low" | "start" | "x">;

export interface Category {
  readonly key: string;
  readonly label: string;
  readonly values: readonly Value[];
}

/** The columns that can be drawn: those that the question names, then all others with numbers. */
export function numbersOf(
  columns: readonly Column[],
  rows: readonly Row[],
  show: Show,
): { readonly named: readonly string[]; readonly others: readonly string[] } {
  const known = new Set(columns.map((column) => column.name));
  const named = (typeof show.y === "string" ? [show.y] : (show.y ?? [])).filter((name) => known.has(name));
  const years = yearsOf(columns, rows);
  const numeric = columns.filter(({ list, type, name }) => !list && (type === "integer" || type === "number") && !years.has(name));
  return { named, others: numeric.map((column) => column.name).filter((name) => !named.includes(name) && name !== show.x) };
}

/** Those of some rows that have each value of a column, such as a unit; the most frequent first. */
export function groupsOf(rows: readonly Row[], chosen: readonly number[], column: string | undefined): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const place of chosen) {
    const key = (column ? keysOf(rows[place]?.[column])[0] : undefined) ?? NOTHING;
    found.set(key, [...(found.get(key) ?? []), place]);
  }
  return new Map([...found].sort(([, a], [, b]) => b.length - a.length));
}

/** The numbers of some columns. Where there are several, each is a series of its own. */
export function valuesOf(rows: readonly Row[], chosen: readonly number[], columns: readonly string[], roles: Roles): Value[] {
  return chosen.flatMap((place) =>
    columns.flatMap((column): Value[] => {
      const row = rows[place] ?? {};
      const number = row[column];
      if (typeof number !== "number" || !Number.isFinite(number)) return [];
      const series = columns.length > 1 || !roles.series ? column : (keysOf(row[roles.series])[0] ?? NOTHING);
      const apart = (roles.apart ?? []).map((name) => keysOf(row[name]).join(" "));
      const low = roles.low ? row[roles.low] : null;
      return [
        {
          row: place,
          column,
          series,
          number,
          line: JSON.stringify([series, ...apart, monthsOf(row, roles)]),
          dashed: roles.solid !== undefined && !apart.includes(roles.solid),
          low: typeof low === "number" && low < number ? low : null,
        },
      ];
    }),
  );
}

const MONTH = 365.25 / 12;
/** The months of the period of a row: what was sold in a month is on no line with what was sold in a year. */
function monthsOf(row: Row, { start, x }: Roles): number {
  const [first, last] = [start, x].map((name) => (name && typeof row[name] === "string" ? dayOf(row[name]) : null));
  return typeof first === "number" && typeof last === "number" ? Math.round((last - first + 1) / MONTH) : 0;
}

/** The values of each category, in the order of the answer; one that several rows repeat is there once. */
export function categoriesOf(rows: readonly Row[], values: readonly Value[], x: string, tongue: Language, untold: string): Category[] {
  const found = new Map<string, { label: string; values: Value[] }>();
  for (const value of values) {
    const cell = rows[value.row]?.[x];
    const key = JSON.stringify(keysOf(cell));
    const known = found.get(key) ?? { label: label(cell, tongue) || untold, values: [] };
    if (!known.values.some((one) => one.number === value.number && one.column === value.column && one.line === value.line))
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
