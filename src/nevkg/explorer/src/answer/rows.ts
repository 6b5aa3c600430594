// Sorting and filtering of rows.
import type { Cell, Language, Row } from "../api/types";
import { asText } from "../ui/value";

export interface Order {
  readonly column: string;
  readonly isDescending: boolean;
}

/** Parses an order from the address: a column, with a minus before it for descending order. */
export function parseOrder(text: string | null): Order | null {
  if (!text) return null;
  return text.startsWith("-") ? { column: text.slice(1), isDescending: true } : { column: text, isDescending: false };
}

/** Returns the indices of the rows that contain all words of a filter, sorted; missing values are last in either direction. */
export function arrangeRows(
  rows: readonly Row[],
  order: Order | null,
  filter: string,
  columns: readonly string[],
  lang: Language,
): number[] {
  const words = fold(filter).split(/\s+/).filter(Boolean);
  const all = rows.map((_, index) => index);
  const matches = words.length ? all.filter((index) => containsWords(rows[index] as Row, words, columns, lang)) : all;
  if (!order) return matches;
  const collator = new Intl.Collator(lang === "zh" ? "zh" : "en", { numeric: true });
  const keys = new Map(matches.map((index) => [index, sortKey(rows[index]?.[order.column], lang)]));
  return matches.sort((a, b) => {
    const [m, n] = [keys.get(a), keys.get(b)];
    if (m === "" || n === "") return m === n ? a - b : m === "" ? 1 : -1;
    const difference = typeof m === "number" && typeof n === "number" ? m - n : collator.compare(String(m), String(n));
    return (order.isDescending ? -difference : difference) || a - b;
  });
}

function sortKey(cell: Cell | undefined, lang: Language): string | number {
  return typeof cell === "number" ? cell : asText(cell, lang);
}

function containsWords(row: Row, words: readonly string[], columns: readonly string[], lang: Language): boolean {
  const text = fold(columns.map((name) => asText(row[name], lang)).join(" "));
  return words.every((word) => text.includes(word));
}

/** Removes case and accents. */
export function fold(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}
