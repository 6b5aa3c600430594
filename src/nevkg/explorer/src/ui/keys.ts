// Values as keys, to tell things apart by.
import { type Cell, isThing, type Language, type Scalar } from "../api/types";
import { asText, each } from "./value";

export function keyOf(value: Scalar): string {
  return isThing(value) ? value.iri : String(value);
}

export function keysOf(cell: Cell | undefined): string[] {
  return each(cell).map(keyOf);
}

/** What the keys of some cells are called. */
export function namesOf(cells: Iterable<Cell | undefined>, language: Language): Map<string, string> {
  const found = new Map<string, string>();
  for (const cell of cells) for (const value of each(cell)) found.set(keyOf(value), asText(value, language));
  return found;
}

export const NOTHING = ""; // the key of what is not known

export function orNothing(keys: readonly string[]): readonly string[] {
  return keys.length ? keys : [NOTHING];
}

/** Whether one of a cell's values is among those asked for; all are where none is asked for. */
export function isAmong(cell: Cell | undefined, params: ReadonlySet<string>): boolean {
  return params.size === 0 || orNothing(keysOf(cell)).some((key) => params.has(key || UNKNOWN));
}

export const UNKNOWN = "-"; // of NOTHING in the address, which has no empty values

/** How many rows have each value. */
export function tally(rows: readonly Readonly<Record<string, Cell>>[], column: string): Map<string, number> {
  const found = new Map<string, number>();
  for (const row of rows) for (const key of orNothing(keysOf(row[column]))) found.set(key, (found.get(key) ?? 0) + 1);
  return found;
}
