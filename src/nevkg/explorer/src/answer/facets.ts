// Values to narrow a table by, with the number of rows that have each.
import type { Cell, Column, Language, Row, Scalar } from "../api/types";
import { nameOf } from "../thing/address";
import { keyOf } from "../ui/keys";
import { asText, each } from "../ui/value";

/** In the address: a column and one of its values, as `country=place:TH`. */
export const IS = "is";
const MOST_VALUES = 80;
const MOST_FACETS = 8;

export interface Facet {
  readonly column: string;
  readonly label: string;
  /** By what stands in the address, the most frequent first. */
  readonly values: readonly { readonly key: string; readonly label: string; readonly count: number }[];
}

/** The columns of things and of yes or no that some rows share a value of. */
export function facetsOf(columns: readonly Column[], rows: readonly Row[], tongue: Language): Facet[] {
  return columns
    .filter(({ type }) => type === "thing" || type === "boolean")
    .flatMap((column): Facet[] => {
      const found = new Map<string, { key: string; label: string; count: number }>();
      for (const row of rows)
        for (const value of each(row[column.name])) {
          const key = shortOf(value);
          const known = found.get(key) ?? { key, label: asText(value, tongue), count: 0 };
          known.count++;
          found.set(key, known);
        }
      const isTelling = found.size > 1 && found.size <= MOST_VALUES && found.size < rows.length;
      const values = [...found.values()].sort((a, b) => b.count - a.count || a.label.localeCompare(b.label, tongue));
      return isTelling ? [{ column: column.name, label: column.label ?? column.name, values }] : [];
    })
    .slice(0, MOST_FACETS);
}

/** What the address asks for, by column. */
export function chosenOf(params: URLSearchParams): Map<string, string> {
  return new Map(params.getAll(IS).map((text) => [text.slice(0, text.indexOf("=")), text.slice(text.indexOf("=") + 1)]));
}

/** What the address has once one column has another value, or none. */
export function choosing(chosen: ReadonlyMap<string, string>, column: string, key: string): string[] {
  const wanted = new Map([...chosen, [column, key]]);
  return [...wanted].filter(([, value]) => value).map(([name, value]) => `${name}=${value}`);
}

export function fits(row: Row, chosen: ReadonlyMap<string, string>): boolean {
  return [...chosen].every(([column, key]) => each(row[column] as Cell | undefined).some((value) => shortOf(value) === key));
}

function shortOf(value: Scalar): string {
  return nameOf(keyOf(value));
}
