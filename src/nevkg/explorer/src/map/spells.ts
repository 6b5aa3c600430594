// When rows hold: from a day until another, that one excluded.
import type { Row, Show } from "../api/types";
import { dayOf, monthOf, monthStart, withoutOutliers } from "../ui/dates";

/** Infinite where an end is unknown. */
export interface Spell {
  readonly from: number;
  readonly until: number;
}

export function spellOf(row: Row, { from, until }: Pick<Show, "from" | "until">): Spell {
  return { from: day(row, from) ?? Number.NEGATIVE_INFINITY, until: day(row, until) ?? Number.POSITIVE_INFINITY };
}

function day(row: Row, column: string | undefined): number | null {
  const value = column === undefined ? null : row[column];
  return typeof value === "string" ? dayOf(value) : null;
}

export function holds({ from, until }: Spell, on: number): boolean {
  return from <= on && on < until;
}

/** The days on which something changes, in order. */
export function changes(spells: readonly Spell[]): number[] {
  const days = spells.flatMap(({ from, until }) => [from, until]).filter(Number.isFinite);
  return [...new Set(days)].sort((a, b) => a - b);
}

/** The months from the first change to the last, that of `today` among them. What changed long before the others is left out. */
export function months(days: readonly number[], today: number): { readonly first: number; readonly last: number } {
  const all = [today, ...withoutOutliers(days)].map(monthOf);
  const last = all.reduce((a, b) => Math.max(a, b));
  // The first day of a month is shown: one more, so that the last change is seen.
  return { first: all.reduce((a, b) => Math.min(a, b)), last: days.some((one) => one > monthStart(last)) ? last + 1 : last };
}

/** The next month in which something has changed: years of nothing are not played. */
export function nextMonth(days: readonly number[], month: number, last: number): number {
  const next = days.find((one) => one > monthStart(month));
  if (next === undefined) return last;
  const start = monthOf(next);
  return Math.min(last, Math.max(month + 1, monthStart(start) === next ? start : start + 1));
}

/** For each month, how many hold on its first day. */
export function counts(spells: readonly Spell[], first: number, last: number): number[] {
  const found: number[] = [];
  for (let month = first; month <= last; month++) {
    const on = monthStart(month);
    found.push(spells.reduce((sum, spell) => sum + (holds(spell, on) ? 1 : 0), 0));
  }
  return found;
}
