// Periods of rows, from a day until another, which is excluded; and what differs between two days.
import type { Row, Show } from "../api/types";
import { type Colors, GREY } from "../state/colors";
import { STANDING } from "../state/standings";
import { CHANGE_COLORS, CHANGES, type Change } from "../ui/changes";
import { dayOf, monthOf, monthStart, withoutOutliers } from "../ui/dates";
import { keysOf } from "../ui/values";

/** The first day of a period and the day after its last; infinite if unknown. */
export interface Period {
  readonly from: number;
  readonly until: number;
}

export function periodOf(row: Row, { from, until }: Pick<Show, "from" | "until">): Period {
  return { from: readDay(row, from) ?? Number.NEGATIVE_INFINITY, until: readDay(row, until) ?? Number.POSITIVE_INFINITY };
}

function readDay(row: Row, column: string | undefined): number | null {
  const value = column === undefined ? null : row[column];
  return typeof value === "string" ? dayOf(value) : null;
}

/** Whether a period includes a day. */
export function holds({ from, until }: Period, on: number): boolean {
  return from <= on && on < until;
}

/** Returns the days on which periods begin or end, in order. */
export function changeDays(periods: readonly Period[]): number[] {
  const days = periods.flatMap(({ from, until }) => [from, until]).filter(Number.isFinite);
  return [...new Set(days)].sort((a, b) => a - b);
}

/** Returns the first and last month with a change or `today`. Changes long before all others are left out. */
export function monthRange(days: readonly number[], today: number): { readonly first: number; readonly last: number } {
  const all = [today, ...withoutOutliers(days)].map(monthOf);
  const last = all.reduce((a, b) => Math.max(a, b));
  // The slider shows the first day of each month, so a change later in the last month needs another month.
  return { first: all.reduce((a, b) => Math.min(a, b)), last: days.some((day) => day > monthStart(last)) ? last + 1 : last };
}

/** Returns the next month after a change, so that playing skips periods without changes. */
export function nextMonth(days: readonly number[], month: number, last: number): number {
  const next = days.find((day) => day > monthStart(month));
  if (next === undefined) return last;
  const start = monthOf(next);
  return Math.min(last, Math.max(month + 1, monthStart(start) === next ? start : start + 1));
}

/** Counts the periods that include the first day of each month. */
export function countByMonth(periods: readonly Period[], first: number, last: number): number[] {
  const counts: number[] = [];
  for (let month = first; month <= last; month++) {
    const on = monthStart(month);
    counts.push(periods.reduce((sum, period) => sum + (holds(period, on) ? 1 : 0), 0));
  }
  return counts;
}

/** The colours of the kinds of change. */
export const changeColors: Colors = {
  of: (key) => CHANGE_COLORS[key as Change] ?? GREY,
  indexOf: (key) => CHANGES.indexOf(key as Change),
  keys: CHANGES,
  all: CHANGES,
};

export interface PlaceChange {
  readonly change: Change;
  /** The rows of the later day, or of the earlier one if the place ended. */
  readonly rows: readonly number[];
  /** The rows of the earlier day if the place changed. */
  readonly before: readonly number[];
}

/** Returns how each place differs between two days. Places on neither day are left out. */
export function compare(
  rows: readonly Row[],
  show: Pick<Show, "place" | "color" | "status" | "filters">,
  indices: readonly number[],
  periods: readonly Period[],
  [before, after]: readonly [number, number],
): Map<string, PlaceChange> {
  const places = new Map<string, { before: number[]; after: number[] }>();
  for (const row of indices) {
    const period = periods[row] as Period;
    for (const key of keysOf(rows[row]?.[show.place ?? ""])) {
      const days = places.get(key) ?? { before: [], after: [] };
      if (holds(period, before)) days.before.push(row);
      if (holds(period, after)) days.after.push(row);
      places.set(key, days);
    }
  }
  // How well sources support a row depends on the day, and is no change of the place.
  const columns = [show.color, show.status, ...(show.filters ?? [])].filter((name) => name !== STANDING);
  const signature = (own: readonly number[]) =>
    [...new Set(own.map((row) => JSON.stringify(columns.map((name) => keysOf(name ? rows[row]?.[name] : null)))))].sort().join(" ");
  return new Map(
    [...places].flatMap(([key, days]): [string, PlaceChange][] => {
      if (!days.before.length && !days.after.length) return [];
      if (!days.before.length) return [[key, { change: "appeared", rows: days.after, before: [] }]];
      if (!days.after.length) return [[key, { change: "ended", rows: days.before, before: [] }]];
      const isSame = signature(days.before) === signature(days.after);
      return [[key, { change: isSame ? "same" : "changed", rows: days.after, before: isSame ? [] : days.before }]];
    }),
  );
}
