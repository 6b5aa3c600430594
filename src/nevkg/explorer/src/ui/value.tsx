import { type Cell, isThing, type Language, type Scalar, type Source } from "../api/types";
import { fill, number, useWords } from "../state/language";
import { formatSpan, spanOf } from "./dates";
import { words } from "./words";

/** A value of one kind as a text. */
export function asText(value: Cell | undefined, language: Language): string {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.map((one) => asText(one, language)).join("; ");
  if (isThing(value)) return value.label;
  if (typeof value === "boolean") return value ? words[language].yes : words[language].no;
  if (typeof value === "number") return number(value, language);
  if (typeof value === "string") return timeText(value, language);
  return String(value);
}

/** An interval in words; anything else as it is. */
export function timeText(text: string, language: Language): string {
  const span = text.includes("/") ? spanOf(text) : null;
  if (!span) return text;
  const [first = "", last = ""] = text.split("/");
  if (span.start === null) return fill(words[language].earlier, last);
  if (span.end === null) return fill(words[language].later, first);
  return formatSpan({ start: span.start, end: span.end });
}

/** Who published a source, and when, and why its host is unreliable, if it is. */
export function bySource({ publisher, published, unreliable }: Source, language: Language): string {
  return [publisher, timeText(published, language), unreliable].filter(Boolean).join(", ");
}

/** What stands beside the title of a source; a devised title names publisher and date itself. */
export function besideTitle(source: Source, language: Language): string {
  return source.devised ? [source.devised, source.unreliable].filter(Boolean).join(", ") : bySource(source, language);
}

/** The values of a cell: none, one, or those of a list. */
export function each(cell: Cell | undefined): readonly Scalar[] {
  if (cell === null || cell === undefined) return [];
  return Array.isArray(cell) ? cell : [cell as Scalar];
}

/** Only the web is led to, whatever an address from the data says. */
export function isWeb(address: string): boolean {
  return /^https?:\/\//i.test(address);
}

/** Leads to where the Internet Archive may have a source. */
export function LookUp({ source }: { source: Source }) {
  const w = useWords(words);
  return source.archive ? <Outside address={source.archive}>{w.archive}</Outside> : null;
}

export function Outside({ address, children }: { address: string; children: string }) {
  return isWeb(address) ? (
    <a class="outside" href={address} target="_blank" rel="noopener noreferrer">
      <bdi>{children}</bdi>
    </a>
  ) : (
    <bdi>{children}</bdi>
  );
}
