// Dates of the data (EDTF): a day, a month, a year, or an interval of these whose ends may be open.

const DAY = 86_400_000;

/** A period in days since 1970, its end excluded; null is an open end. */
export interface Span {
  readonly start: number | null;
  readonly end: number | null;
}

/** Parses a date or an interval; returns null if the text is neither. */
export function spanOf(text: string): Span | null {
  const parts = text.trim().split("/");
  if (parts.length > 2) return null;
  const [first = "", last = first] = parts;
  const [from, to] = [parseDate(first), parseDate(last)];
  if (from === null || to === null || (from === OPEN && to === OPEN)) return null;
  const start = from === OPEN ? null : from.start;
  const end = to === OPEN ? null : to.end;
  return start !== null && end !== null && end <= start ? null : { start, end };
}

/** Returns the first day of a date or an interval, in days since 1970. */
export function dayOf(text: string): number | null {
  const span = spanOf(text);
  return span && (span.start ?? (span.end === null ? null : span.end - 1));
}

/** Returns whether a span is a single day. */
export function isDay({ start, end }: Span): boolean {
  return start !== null && end !== null && end - start === 1;
}

/** Formats a span as a year, a month or a day, or as two of these with a dash, in the coarsest form that fits. */
export function formatSpan({ start, end }: { readonly start: number; readonly end: number }): string {
  const [first, last] = [isoOf(start), isoOf(end - 1)];
  const endsWith = (begin: string, close: string) => first.endsWith(begin) && isoOf(end).endsWith(close);
  const length = endsWith("-01-01", "-01-01") ? 4 : endsWith("-01", "-01") ? 7 : 10;
  return [...new Set([first, last].map((day) => day.slice(0, length)))].join(" – ");
}

/** Formats a day as YYYY-MM-DD. */
export function isoOf(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, 10);
}

export function yearOf(day: number): number {
  return new Date(day * DAY).getUTCFullYear();
}

/** Returns the number of months from the beginning of year 0 to a day. */
export function monthOf(day: number): number {
  const date = new Date(day * DAY);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

/** Returns the first day of a month that is counted as by `monthOf`. */
export function monthStart(month: number): number {
  return daysTo(Math.floor(month / 12), (((month % 12) + 12) % 12) + 1, 1);
}

const OUTLIER_GAP = 15 * 365; // days

/** Returns sorted days without the few that are many years before all others. */
export function withoutOutliers(days: readonly number[]): readonly number[] {
  const begin = days.findLastIndex((day, index) => day - (days[index - 1] ?? day) > OUTLIER_GAP && index <= days.length / 2);
  return days.slice(Math.max(0, begin));
}

const OPEN = "open";
const PATTERN = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T.*)?)?)?[?~%]?$/;

function parseDate(text: string): { start: number; end: number } | typeof OPEN | null {
  if (text === ".." || text === "") return OPEN;
  const match = PATTERN.exec(text);
  if (!match) return null;
  const [year, month, day] = match.slice(1).map((part) => (part === undefined ? undefined : Number(part))) as [number, number?, number?];
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
