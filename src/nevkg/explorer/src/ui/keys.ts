// Keys that identify values.
import { type Cell, isThing, type Language, type Scalar } from "../api/types";
import { asText, each } from "./value";

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

/** Counts rows by value. */
export function tally(rows: readonly Readonly<Record<string, Cell>>[], column: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows) for (const key of orNothing(keysOf(row[column]))) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}
