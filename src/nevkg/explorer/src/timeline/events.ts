// Converts rows to events in lanes.
import type { AnswerProps } from "../answer/roles";
import { type Cell, isThing, type Language, type Row, type Show } from "../api/types";
import { hasPage } from "../state/address";
import { formatSpan, type Span, spanOf } from "../ui/dates";
import { asText, each, keysOf, NOTHING, namesOf, orNothing } from "../ui/values";

export interface Event extends Span {
  readonly row: number;
  /** All rows that report it; there may be one for each source. */
  readonly rows: readonly number[];
  readonly label: string;
  /** The entity that the label names, if it has a page. */
  readonly entity: string | null;
  readonly color: string;
  /** Its time, as reported. */
  readonly when: string;
  /** Whether it lasts for the whole period, rather than happening on some day in it. */
  readonly lasts: boolean;
}

export interface Lane {
  readonly key: string;
  readonly label: string;
  readonly events: readonly Event[];
}

/** Returns the time of a row: its date, which may be coarse, or a period; null if it has none. */
export function timeOf(row: Row, show: Pick<Show, "at" | "from" | "until">): Pick<Event, "start" | "end" | "when" | "lasts"> | null {
  const at = show.at === show.from ? null : readSpan(row, show.at); // an estimated date repeats the beginning
  const [from, until] = [readSpan(row, show.from), readSpan(row, show.until)];
  if (!at && !from && !until) return null;
  const start = from?.span.start ?? at?.span.start ?? null;
  const end = until ? (until.span.start ?? until.span.end) : at ? at.span.end : null;
  const isReversed = start !== null && end !== null && end <= start;
  const texts = [from?.text, at?.text ?? until?.text].filter(Boolean);
  const text = from && !texts[1] ? `${from.text} –` : [...new Set(texts)].join(" – ");
  const isWithin = at !== null && start !== null && end !== null && !isReversed;
  return { start, end: isReversed ? start + 1 : end, when: isWithin ? formatSpan({ start, end }) : text, lasts: at === null };
}

function readSpan(row: Row, column: string | undefined): { span: Span; text: string } | null {
  const cell = column === undefined ? null : row[column];
  const text = typeof cell === "number" ? String(cell) : Array.isArray(cell) ? cell[0] : cell;
  const span = typeof text === "string" ? spanOf(text) : null;
  return span && { span, text: String(text) };
}

/** Merges rows with the same content and time into one event. */
export function eventsOf({ answer, show }: AnswerProps, rows: readonly number[], lang: Language): Event[] {
  const merged = new Map<string, Event>();
  for (const index of rows) {
    const row = answer.rows[index] as Row;
    const time = timeOf(row, show);
    if (!time) continue;
    const content = show.label ? row[show.label] : null;
    const color = keysOf(show.color ? row[show.color] : null)[0] ?? NOTHING;
    const key = JSON.stringify([content === null ? index : keysOf(content), time, color]);
    const [entity = null] = each(content).flatMap((value) => (isThing(value) && hasPage(value.iri) ? [value.iri] : []));
    const event = merged.get(key) ?? { ...time, row: index, rows: [], label: asText(content, lang), entity, color };
    merged.set(key, { ...event, rows: [...event.rows, index] });
  }
  return [...merged.values()];
}

/** Returns the lanes of a column, those with most events first. An event is in the lane of each of its values. */
export function lanesOf(
  events: readonly Event[],
  rows: readonly Row[],
  column: string | undefined,
  lang: Language,
  unknown: string,
): Lane[] {
  const cells = (event: Event): (Cell | undefined)[] => (column ? event.rows.map((row) => rows[row]?.[column]) : []);
  const names = namesOf(events.flatMap(cells), lang);
  const members = events.flatMap((event) => [...new Set(orNothing(cells(event).flatMap(keysOf)))].map((key) => ({ key, event })));
  const collator = new Intl.Collator(lang);
  return [...Map.groupBy(members, ({ key }) => key)]
    .map(([key, own]) => ({ key, label: names.get(key) ?? unknown, events: own.map(({ event }) => event) }))
    .sort(
      (a, b) =>
        Number(a.key === NOTHING) - Number(b.key === NOTHING) || b.events.length - a.events.length || collator.compare(a.label, b.label),
    );
}

/** Sorts by the beginning, or by the end if there is no beginning. */
export function sortByTime<T extends Span>(events: readonly T[]): T[] {
  const day = ({ start, end }: Span) => start ?? (end ?? 0) - 1;
  return [...events].sort((a, b) => day(a) - day(b));
}
