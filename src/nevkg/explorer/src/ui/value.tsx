import { type Cell, isThing, type Language, type Scalar, type Source } from "../api/types";
import { fill, number, useWords } from "../state/language";
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

/** Formats an interval in words; other texts are returned as they are. */
export function timeText(text: string, lang: Language): string {
  const span = text.includes("/") ? spanOf(text) : null;
  if (!span) return text;
  const [first = "", last = ""] = text.split("/");
  if (span.start === null) return fill(words[lang].earlier, last);
  if (span.end === null) return fill(words[lang].later, first);
  return formatSpan({ start: span.start, end: span.end });
}

/** Returns publisher and date of a source, and why its host is unreliable, if it is. */
export function publicationNote({ publisher, published, unreliable }: Source, lang: Language): string {
  return [publisher, timeText(published, lang), unreliable].filter(Boolean).join(", ");
}

/** Returns the note after the title of a source. A devised title already contains publisher and date. */
export function sourceNote(source: Source, lang: Language): string {
  return source.devised ? [source.devised, source.unreliable].filter(Boolean).join(", ") : publicationNote(source, lang);
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
