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
export function namesOf(cells: Iterable<Cell | undefined>, tongue: Language): Map<string, string> {
  const found = new Map<string, string>();
  for (const cell of cells) for (const value of each(cell)) found.set(keyOf(value), asText(value, tongue));
  return found;
}
