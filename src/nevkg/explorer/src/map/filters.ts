// Filters of the rows on a map by the values of columns, kept in the address.
import type { Row, Show } from "../api/types";
import { EVERY, type Filter } from "../ui/legend";
import { hasSelectedValue, keysOf, orNothing } from "../ui/values";

export interface ColumnFilter extends Filter {
  readonly column: string;
}

type Roles = Pick<Show, "color" | "status" | "filters" | "first">;

/** Returns the filters of the columns that a map selects by. Without values in the address, a filter selects those of `first`. */
export function filtersOf(rows: readonly Row[], show: Roles, params: URLSearchParams): ColumnFilter[] {
  const keyOfColumn = new Map([
    ...(show.filters ?? []).map((column): [string, string] => [column, `${column}-shown`]),
    ...(show.color ? [[show.color, "only"] as const] : []),
    ...(show.status ? [[show.status, "state"] as const] : []),
  ]);
  return [...keyOfColumn].map(([column, key]) => {
    // A column of which no row has one of the first values is still narrowed, to nothing.
    const namespaces = new Set(rows.flatMap((row) => keysOf(row[column]).map(namespaceOf)));
    const first = (show.first ?? []).filter((value) => namespaces.has(namespaceOf(value)));
    const values = params.getAll(key);
    return { column, key, selected: values.includes(EVERY) ? [] : values.length ? values : first, isNarrowed: first.length > 0 };
  });
}

function namespaceOf(iri: string): string {
  return iri.slice(0, iri.lastIndexOf("/") + 1);
}

/** Returns the rows that match all filters, or all except that of one column. */
export function filterRows(rows: readonly Row[], indices: readonly number[], filters: readonly ColumnFilter[], except = ""): number[] {
  const selections = filters.filter(({ column }) => column !== except).map(({ column, selected }) => [column, new Set(selected)] as const);
  return indices.filter((index) => selections.every(([column, selected]) => hasSelectedValue(rows[index]?.[column], selected)));
}

/** Counts the different places of each value of a column. */
export function countPlaces(rows: readonly Row[], indices: readonly number[], place: string, column: string): Map<string, number> {
  const places = new Map<string, Set<string>>();
  for (const index of indices)
    for (const key of orNothing(keysOf(rows[index]?.[column])))
      places.set(key, new Set([...(places.get(key) ?? []), ...keysOf(rows[index]?.[place])]));
  return new Map([...places].map(([key, own]) => [key, own.size]));
}
