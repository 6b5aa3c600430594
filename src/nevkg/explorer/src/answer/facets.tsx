// Facets of a table: the values of a column, with the number of rows that have each.

import type { AnswerColumn, Cell, Language, Row, Scalar } from "../api/types";
import { number, useLanguage, useWords } from "../state/language";
import { nameOf, set } from "../state/route";
import { Choice } from "../ui/controls";
import { asText, each, keyOf } from "../ui/values";
import { words } from "./words";

/** The parameter for a column and one of its values, such as `country=place:TH`. */
export const IS = "is";
const MAX_VALUES = 80;
const MAX_FACETS = 8;

interface Facet {
  readonly column: string;
  readonly label: string;
  /** By the key in the address, the most frequent first. */
  readonly values: readonly { readonly key: string; readonly label: string; readonly count: number }[];
}

/** Returns the facets of columns with entities or booleans, if they have a few values that rows share. */
export function facetsOf(columns: readonly AnswerColumn[], rows: readonly Row[], lang: Language): Facet[] {
  return columns
    .filter(({ type }) => type === "thing" || type === "boolean")
    .flatMap((column): Facet[] => {
      const counts = new Map<string, { key: string; label: string; count: number }>();
      for (const row of rows)
        for (const value of each(row[column.name])) {
          const key = facetKey(value);
          const entry = counts.get(key) ?? { key, label: asText(value, lang), count: 0 };
          entry.count++;
          counts.set(key, entry);
        }
      const isUseful = counts.size > 1 && counts.size <= MAX_VALUES && counts.size < rows.length;
      const values = [...counts.values()].sort((a, b) => b.count - a.count || a.label.localeCompare(b.label, lang));
      return isUseful ? [{ column: column.name, label: column.label ?? column.name, values }] : [];
    })
    .slice(0, MAX_FACETS);
}

/** Reads the selected value of each column from the address. */
export function readFacets(params: URLSearchParams): Map<string, string> {
  return new Map(params.getAll(IS).map((text) => [text.slice(0, text.indexOf("=")), text.slice(text.indexOf("=") + 1)]));
}

/** Returns the columns with a selected value, each with the label of the value. */
export function facetLabels(facets: readonly Facet[], selected: ReadonlyMap<string, string>): [column: string, label: string][] {
  const valuesOf = (column: string) => facets.find((facet) => facet.column === column)?.values ?? [];
  return [...selected].map(([column, key]) => [column, valuesOf(column).find((value) => value.key === key)?.label ?? key]);
}

/** Returns the values of the parameter after a value of a column is selected, or removed if `key` is empty. */
export function selectFacet(selected: ReadonlyMap<string, string>, column: string, key: string): string[] {
  const changed = new Map([...selected, [column, key]]);
  return [...changed].filter(([, value]) => value).map(([name, value]) => `${name}=${value}`);
}

export function matchesFacets(row: Row, selected: ReadonlyMap<string, string>): boolean {
  return [...selected].every(([column, key]) => each(row[column] as Cell | undefined).some((value) => facetKey(value) === key));
}

function facetKey(value: Scalar): string {
  return nameOf(keyOf(value));
}

interface FacetProps {
  readonly facets: readonly Facet[];
  readonly selected: ReadonlyMap<string, string>;
}

/** A menu that selects one value per column. */
export function FacetMenu({ facets, selected }: FacetProps) {
  const w = useWords(words);
  const lang = useLanguage();
  return (
    <details class="menu">
      <summary>{w.narrow}</summary>
      <div>
        {facets.map(({ column, label, values }) => (
          <Choice
            key={column}
            label={label}
            value={selected.get(column) ?? ""}
            options={[
              ["", w.all],
              ...values.map((value): [string, string] => [value.key, `${value.label} (${number(value.count, lang)})`]),
            ]}
            choose={(key) => set({ [IS]: selectFacet(selected, column, key), page: null })}
          />
        ))}
      </div>
    </details>
  );
}
