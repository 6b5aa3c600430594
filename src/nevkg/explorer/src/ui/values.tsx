// Values of cells: their texts, and the keys that identify them.

import { type Cell, isThing, type Language, type Scalar, type Source } from "../api/types";
import { pageOf } from "../state/address";
import { fill, number, useLanguage, useWords } from "../state/language";
import { formatSpan, spanOf } from "./dates";
import { words } from "./words";

/** Formats a value as text. */
export function asText(value: Cell | undefined, lang: Language): string {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.map((entry) => asText(entry, lang)).join("; ");
  if (isThing(value)) return value.label;
  if (typeof value === "boolean") return value ? words[lang].yes : words[lang].no;
  if (typeof value === "number") return number(value, lang);
  if (typeof value === "string") return timeText(value, lang);
  return String(value);
}

/** Formats a value for a table: a label that ends with an abbreviation, which is also its name, is that abbreviation. */
export function asShortText(value: Scalar, lang: Language): string {
  const text = asText(value, lang);
  const abbreviation = / \((\p{Lu}{2,})\)$/u.exec(text)?.[1];
  return abbreviation && isThing(value) && value.iri.toUpperCase().endsWith(`/${abbreviation}`) ? abbreviation : text;
}

/** Formats an interval in words; other texts are returned as they are. */
export function timeText(text: string, lang: Language): string {
  const span = text.includes("/") ? spanOf(text) : null;
  if (!span) return text;
  const [first = "", last = ""] = text.split("/");
  if (span.start === null) return fill(words[lang].earlier, last);
  if (span.end === null) return fill(words[lang].later, first);
  return formatSpan({ start: span.start, end: span.end });
}

/** Returns publisher and date of a source. */
export function publicationNote({ publisher, published }: Source, lang: Language): string {
  return [publisher, timeText(published, lang)].filter(Boolean).join(", ");
}

/** Returns the note after the title of a source. A devised title already contains publisher and date. */
export function sourceNote(source: Source, lang: Language): string {
  return source.devised || publicationNote(source, lang);
}

/** A mark with the reason why the host of a source is unreliable. */
export function UnreliableMark({ source: { unreliable } }: { source: Source }) {
  return unreliable ? <span class="mark unreliable">{unreliable}</span> : null;
}

/** Returns the values of a cell as a list. */
export function each(cell: Cell | undefined): readonly Scalar[] {
  if (cell === null || cell === undefined) return [];
  return Array.isArray(cell) ? cell : [cell as Scalar];
}

/** Returns whether an address from the data may be linked: only http and https are. */
export function isWeb(address: string): boolean {
  return /^https?:\/\//i.test(address);
}

/** The title of a source, linked to it or to its page here, with its publisher, its date and its copies. */
export function SourceLink({ source }: { source: Source }) {
  const lang = useLanguage();
  return (
    <>
      <cite>
        {isWeb(source.address) ? (
          <ExternalLink address={source.address}>{source.title}</ExternalLink>
        ) : (
          <a href={pageOf(source.iri, lang)}>
            <bdi>{source.title}</bdi>
          </a>
        )}
      </cite>{" "}
      <span class="quiet">{sourceNote(source, lang)}</span> <UnreliableMark source={source} /> <ArchiveLink source={source} />
    </>
  );
}

/** A link to copies of a source in the Internet Archive. */
export function ArchiveLink({ source }: { source: Source }) {
  const w = useWords(words);
  return source.archive ? <ExternalLink address={source.archive}>{w.archive}</ExternalLink> : null;
}

/** A link that opens in a new tab; plain text if the address may not be linked. */
export function ExternalLink({ address, children }: { address: string; children: string }) {
  return isWeb(address) ? (
    <a class="outside" href={address} target="_blank" rel="noopener noreferrer">
      <bdi>{children}</bdi>
    </a>
  ) : (
    <bdi>{children}</bdi>
  );
}

export function keyOf(value: Scalar): string {
  return isThing(value) ? value.iri : String(value);
}

export function keysOf(cell: Cell | undefined): string[] {
  return each(cell).map(keyOf);
}

/** Returns the names of the keys of some cells. */
export function namesOf(cells: Iterable<Cell | undefined>, lang: Language): Map<string, string> {
  const names = new Map<string, string>();
  for (const cell of cells) for (const value of each(cell)) names.set(keyOf(value), asText(value, lang));
  return names;
}

export const NOTHING = ""; // the key of an unknown value

export function orNothing(keys: readonly string[]): readonly string[] {
  return keys.length ? keys : [NOTHING];
}

/** Returns whether a value of a cell is selected. If nothing is selected, every value is. */
export function hasSelectedValue(cell: Cell | undefined, selected: ReadonlySet<string>): boolean {
  return selected.size === 0 || orNothing(keysOf(cell)).some((key) => selected.has(key || UNKNOWN));
}

export const UNKNOWN = "-"; // NOTHING in the address, where values cannot be empty

/** Counts how often each key occurs. */
export function countBy(keys: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}
