// Sorting, filtering and totals of rows.

import type { Cell, Language, Row } from "../api/types";
import { fill, number } from "../state/language";
import { matcherOf } from "../ui/text";
import { asText, keysOf } from "../ui/values";
import { words } from "./words";

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
  const isMatch = matcherOf(filter);
  const all = [...rows.keys()];
  const textOf = (row: number) => columns.map((name) => asText(rows[row]?.[name], lang)).join(" ");
  const matches = filter.trim() ? all.filter((row) => isMatch(textOf(row))) : all;
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

interface Total {
  readonly kind: "different" | "sum";
  readonly column: string;
  readonly value: number;
}

/** Returns a number of rows in words. */
export function countRows(count: number, lang: Language): string {
  const w = words[lang];
  return count === 1 ? w.row : fill(w.rows, number(count, lang));
}

export function totalsOf(rows: readonly Row[], params: URLSearchParams): Total[] {
  return [
    ...params
      .getAll("count")
      .map((column): Total => ({ kind: "different", column, value: new Set(rows.flatMap((row) => keysOf(row[column]))).size })),
    ...params
      .getAll("sum")
      .map((column): Total => ({ kind: "sum", column, value: rows.reduce((sum, row) => sum + (Number(row[column]) || 0), 0) })),
  ];
}
