// The data of charts: rows as values of categories, or as points in time.
import { yearsOf } from "../answer/roles";
import { type AnswerColumn, isThing, type Language, type Row, type Show } from "../api/types";
import { dayOf, monthOf, monthStart } from "../ui/dates";
import { asText, keysOf, NOTHING, UNKNOWN } from "../ui/values";

export interface Value {
  readonly row: number;
  /** The column of the number. */
  readonly column: string;
  readonly series: string;
  readonly number: number;
  /** The key of the line: one series, metric, kind of value and length of period. */
  readonly line: string;
  /** Whether it is a target, plan or forecast, according to the roles of the question. */
  readonly isDashed: boolean;
  /** The lower end of a range of which the number is the upper end; null without a range. */
  readonly low: number | null;
  /** The number of what sources do not support enough to be counted; null without such a column. */
  readonly more: number | null;
}

type Roles = Pick<Show, "series" | "apart" | "solid" | "low" | "more" | "start" | "x" | "y">;

export interface Category {
  readonly key: string;
  readonly label: string;
  readonly values: readonly Value[];
}

/** Returns the columns that can be drawn: the columns that the question names, and the others with numbers. */
export function numbersOf(
  columns: readonly AnswerColumn[],
  rows: readonly Row[],
  show: Show,
): { readonly named: readonly string[]; readonly others: readonly string[] } {
  const names = new Set(columns.map((column) => column.name));
  const named = (show.y ?? []).filter((name) => names.has(name));
  const years = yearsOf(columns, rows);
  const numeric = columns.filter(({ list, type, name }) => !list && (type === "integer" || type === "number") && !years.has(name));
  return { named, others: numeric.map((column) => column.name).filter((name) => !named.includes(name) && name !== show.x) };
}

/** What a chart shows one value of at a time, such as a unit. */
export interface Grouping {
  readonly parameter: string;
  readonly keyOf: (row: number) => string;
  /** The key that is selected at first, if a row has it; otherwise the most frequent. */
  readonly preferred?: string;
}

interface Selection {
  /** The rows of each key, the most frequent first. */
  readonly groups: ReadonlyMap<string, readonly number[]>;
  readonly selected: string;
}

/** Selects the rows with one key of each grouping; each grouping divides the rows that the one before has left. */
export function selectGroups(indices: readonly number[], groupings: readonly Grouping[], params: URLSearchParams) {
  const selections: Selection[] = [];
  let rows = indices;
  for (const { parameter, keyOf, preferred } of groupings) {
    const groups = new Map([...Map.groupBy(rows, keyOf)].sort(([, a], [, b]) => b.length - a.length));
    const keys = [...groups.keys()];
    const named = params.get(parameter);
    const selected = keys.find((key) => (key || UNKNOWN) === named) ?? keys.find((key) => key === preferred) ?? keys[0] ?? NOTHING;
    selections.push({ groups, selected });
    rows = groups.get(selected) ?? [];
  }
  return { rows, selections };
}

/** Returns the columns of which a line chart shows one value at a time: those that are apart, except that of solid and dashed lines. */
export function singleColumns(rows: readonly Row[], { apart = [], solid, kind }: Show): string[] {
  if (kind !== "line") return apart.slice(0, 1);
  return apart.filter((name) => !rows.some((row) => solid !== undefined && keysOf(row[name]).includes(solid)));
}

/** Returns the numbers of columns. Several columns are a series each. */
export function valuesOf(rows: readonly Row[], indices: readonly number[], columns: readonly string[], roles: Roles): Value[] {
  return indices.flatMap((index) =>
    columns.flatMap((column): Value[] => {
      const row = rows[index] ?? {};
      const number = row[column];
      if (typeof number !== "number" || !Number.isFinite(number)) return [];
      const series = columns.length > 1 || !roles.series ? column : (keysOf(row[roles.series])[0] ?? NOTHING);
      const apart = (roles.apart ?? []).map((name) => keysOf(row[name]).join(" "));
      const low = roles.low ? row[roles.low] : null;
      const moreColumn = moreOf(column, roles);
      const more = moreColumn ? row[moreColumn] : null;
      return [
        {
          row: index,
          column,
          series,
          number,
          line: JSON.stringify([series, ...apart, monthsOf(row, roles)]),
          isDashed: roles.solid !== undefined && !apart.includes(roles.solid),
          low: typeof low === "number" && low < number ? low : null,
          more: typeof more === "number" ? more : null,
        },
      ];
    }),
  );
}

/** Returns the column that counts what is not supported enough for a column; undefined if there is none. */
export function moreOf(column: string, { y, more }: Pick<Show, "y" | "more">): string | undefined {
  return more?.[(typeof y === "string" ? [y] : (y ?? [])).indexOf(column)];
}

const DAYS_PER_MONTH = 365.25 / 12;
/** Returns the length of the period of a row in months: monthly and annual figures are on different lines. */
export function monthsOf(row: Row, { start, x }: Pick<Show, "start" | "x">): number {
  const [first, last] = [start, x].map((name) => (name && typeof row[name] === "string" ? dayOf(row[name]) : null));
  return typeof first === "number" && typeof last === "number" ? Math.round((last - first + 1) / DAYS_PER_MONTH) : 0;
}

/** Returns the values of each category in the order of the answer, without duplicates. */
export function categoriesOf(rows: readonly Row[], values: readonly Value[], x: string, lang: Language, unknownLabel: string): Category[] {
  const categories = new Map<string, { label: string; values: Value[] }>();
  for (const value of values) {
    const cell = rows[value.row]?.[x];
    const key = JSON.stringify(keysOf(cell));
    const category = categories.get(key) ?? { label: labelOf(cell, lang) || unknownLabel, values: [] };
    if (!category.values.some(({ number, column, line }) => number === value.number && column === value.column && line === value.line))
      category.values.push(value);
    categories.set(key, category);
  }
  return [...categories].map(([key, category]) => ({ key, ...category }));
}

/** Returns the label of a category. Numbers are years, so they have no separators. */
function labelOf(cell: Row[string] | undefined, lang: Language): string {
  return typeof cell === "number" ? String(cell) : asText(cell, lang);
}

/** Whether values can be stacked: no category has a series twice, and no value is negative. */
export function isStackable(categories: readonly Category[]): boolean {
  return categories.every(
    ({ values }) => new Set(values.map((value) => value.series)).size === values.length && values.every(({ number }) => number >= 0),
  );
}

export interface Point extends Value {
  readonly day: number;
}

/** Returns the values that have a time, in order of time; null if x is not a time. The time of a whole year is its first day. */
export function pointsOf(rows: readonly Row[], values: readonly Value[], x: string, start?: string): Point[] | null {
  const times = values.map(({ row }) => {
    const cell = rows[row]?.[x];
    const end = typeof cell === "number" || typeof cell === "string" ? dayOf(String(cell)) : null;
    const first = start === undefined ? null : rows[row]?.[start];
    return typeof first === "string" && end !== null && isWholeYear(dayOf(first), end) ? dayOf(first) : end;
  });
  const hasOther = rows.some((row) => {
    const cell = row[x];
    return cell !== null && cell !== undefined && (isThing(cell) || Array.isArray(cell) || dayOf(String(cell)) === null);
  });
  if (hasOther || times.every((time) => time === null)) return null;
  return values
    .flatMap((value, index): Point[] => {
      const day = times[index];
      return day === null || day === undefined ? [] : [{ ...value, day }];
    })
    .sort((a, b) => a.day - b.day);
}

function isWholeYear(first: number | null, last: number): boolean {
  return (
    first !== null && monthOf(first) % 12 === 0 && monthStart(monthOf(first)) === first && last === monthStart(monthOf(first) + 12) - 1
  );
}

/**
 * Returns the points up to the end of the time axis: the last actual value, or where most series end if that is later. A few
 * targets far in the future would take most of the axis.
 */
export function withinAxis(points: readonly Point[]): Point[] {
  const ends = [...Map.groupBy(points, ({ series }) => series).values()].map((own) => own.at(-1)?.day ?? 0).sort((a, b) => a - b);
  const lastActual = points.findLast(({ isDashed }) => !isDashed)?.day ?? Number.POSITIVE_INFINITY;
  const end = Math.max(lastActual, ends[Math.floor(ends.length / 2)] ?? 0);
  return points.filter(({ day }) => day <= end);
}
