// Dates as the data has them: a day, a month, a year, or an interval of these whose ends may be open (EDTF).

const DAY = 86_400_000;

/** From a day until another, that one excluded, in days since 1970; null where an end is open. */
export interface Span {
  readonly start: number | null;
  readonly end: number | null;
}

/** What a text means as a time; null where it means none. */
export function spanOf(text: string): Span | null {
  const parts = text.trim().split("/");
  if (parts.length > 2) return null;
  const [first = "", last = first] = parts;
  const [from, to] = [point(first), point(last)];
  if (from === null || to === null || (from === OPEN && to === OPEN)) return null;
  const start = from === OPEN ? null : from.start;
  const end = to === OPEN ? null : to.end;
  return start !== null && end !== null && end <= start ? null : { start, end };
}

/** The first day that a text tells, in days since 1970. */
export function dayOf(text: string): number | null {
  const span = spanOf(text);
  return span && (span.start ?? (span.end === null ? null : span.end - 1));
}

/** Whether a time is a single day. */
export function isDay({ start, end }: Span): boolean {
  return start !== null && end !== null && end - start === 1;
}

/** A time as coarse as it is told: a year, a month or a day, or from one until another. */
export function coarse({ start, end }: { readonly start: number; readonly end: number }): string {
  const [first, last] = [isoOf(start), isoOf(end - 1)];
  const isOf = (begin: string, close: string) => first.endsWith(begin) && isoOf(end).endsWith(close);
  const letters = isOf("-01-01", "-01-01") ? 4 : isOf("-01", "-01") ? 7 : 10;
  return [...new Set([first, last].map((day) => day.slice(0, letters)))].join(" – ");
}

/** The text of a day. */
export function isoOf(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, 10);
}

export function yearOf(day: number): number {
  return new Date(day * DAY).getUTCFullYear();
}

/** The months from the beginning of year 0 to a day. */
export function monthOf(day: number): number {
  const date = new Date(day * DAY);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

/** The first day of a month, counted as by `monthOf`. */
export function monthStart(month: number): number {
  return daysTo(Math.floor(month / 12), (((month % 12) + 12) % 12) + 1, 1);
}

const LONG = 15 * 365;

/** Days in order, without those few that lie many years before all others. */
export function recent(days: readonly number[]): readonly number[] {
  const begin = days.findLastIndex((day, place) => day - (days[place - 1] ?? day) > LONG && place <= days.length / 2);
  return days.slice(Math.max(0, begin));
}

const OPEN = "open";
const FORM = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T.*)?)?)?[?~%]?$/;

function point(text: string): { start: number; end: number } | typeof OPEN | null {
  if (text === ".." || text === "") return OPEN;
  const found = FORM.exec(text);
  if (!found) return null;
  const [year, month, day] = found.slice(1).map((part) => (part === undefined ? undefined : Number(part))) as [number, number?, number?];
  if (month === undefined) return { start: daysTo(year, 1, 1), end: daysTo(year + 1, 1, 1) };
  if (month < 1 || month > 12) return null;
  if (day === undefined) return { start: daysTo(year, month, 1), end: daysTo(year, month + 1, 1) };
  const start = daysTo(year, month, day);
  return day < 1 || start >= daysTo(year, month + 1, 1) ? null : { start, end: start + 1 };
}

function daysTo(year: number, month: number, day: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return Math.round(date.getTime() / DAY);
}
