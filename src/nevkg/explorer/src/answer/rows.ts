// Sorting and filtering of rows: the logic of the table, without its looks.
import type { Cell, Language, Row } from "../api/types";
import { asText } from "../ui/value";

export interface Order {
  readonly column: string;
  readonly down: boolean;
}

/** An order as it stands in the address: a column, with a minus before it for the greatest first. */
export function parseOrder(text: string | null): Order | null {
  if (!text) return null;
  return text.startsWith("-") ? { column: text.slice(1), down: true } : { column: text, down: false };
}

/** The places of the rows that hold all words of a text, in an order; what is unknown comes last either way. */
export function arranged(
  rows: readonly Row[],
  order: Order | null,
  filter: string,
  columns: readonly string[],
  tongue: Language,
): number[] {
  const words = fold(filter).split(/\s+/).filter(Boolean);
  const places = rows.map((_, place) => place);
  const kept = words.length ? places.filter((place) => holds(rows[place] as Row, words, columns, tongue)) : places;
  if (!order) return kept;
  const collator = new Intl.Collator(tongue === "zh" ? "zh" : "en", { numeric: true });
  const keys = new Map(kept.map((place) => [place, key(rows[place]?.[order.column], tongue)]));
  return kept.sort((a, b) => {
    const [one, other] = [keys.get(a), keys.get(b)];
    if (one === "" || other === "") return one === other ? a - b : one === "" ? 1 : -1;
    const found = typeof one === "number" && typeof other === "number" ? one - other : collator.compare(String(one), String(other));
    return (order.down ? -found : found) || a - b;
  });
}

function key(cell: Cell | undefined, tongue: Language): string | number {
  return typeof cell === "number" ? cell : asText(cell, tongue);
}

function holds(row: Row, words: readonly string[], columns: readonly string[], tongue: Language): boolean {
  const text = fold(columns.map((name) => asText(row[name], tongue)).join(" "));
  return words.every((word) => text.includes(word));
}

/** Without case and accents. */
export function fold(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}
