// Colours of classes, from the ontology, and of the keys of legends.

import { useMemo } from "preact/hooks";
import type { Ontology, Row } from "../api/types";
import { countBy, keysOf } from "../ui/values";
import { useDataset, useOntology } from "./dataset";

/** Colours that remain distinct with colour vision deficiencies, on light and dark: after Okabe and Ito, and Tol. */
export const PALETTE = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b8860b", "#56b4e9", "#882255", "#44aa99", "#7a6ff0", "#999933"];
export const GREY = "#8a8a8a";

/** Makes a colour of the data lighter on a dark background. */
export function adaptColor(color: string): string {
  return `light-dark(${color}, color-mix(in srgb, ${color} 60%, white))`;
}

/**
 * Assigns colours to keys, the most frequent first: the colour from the data, so that it is the same everywhere, otherwise an
 * unused one of the palette. The remaining keys share a grey.
 */
function assignColors(keys: Iterable<string>, dataColors: Readonly<Record<string, string>> = {}): Map<string, string> {
  const ordered = [...countBy(keys)].sort(([, m], [, n]) => n - m).map(([key]) => key);
  const dataColor = (key: string) => (Object.hasOwn(dataColors, key) ? dataColors[key] : undefined);
  const used = new Set(ordered.map(dataColor));
  const unused = PALETTE.filter((color) => !used.has(color));
  return new Map(ordered.map((key) => [key, dataColor(key) ?? unused.shift() ?? GREY]));
}

export interface Colors {
  readonly of: (key: string) => string;
  /** The index of a key in `keys`; null if it is not among them. */
  readonly indexOf: (key: string) => number | null;
  /** The keys that have a colour of their own, the most frequent first. */
  readonly keys: readonly string[];
}

/** Returns the colours for the keys of all rows, one key per row. */
export function useColors(keys: readonly string[]): Colors {
  const dataColors = useDataset()?.colors;
  return useMemo(() => colorsOf(keys, dataColors), [keys, dataColors]);
}

/** Returns the colours for the values of a column. */
export function useColumnColors(rows: readonly Row[], column: string | undefined): Colors {
  return useColors(useMemo(() => (column ? rows.flatMap((row) => keysOf(row[column])) : []), [rows, column]));
}

export function colorsOf(keys: readonly string[], dataColors?: Readonly<Record<string, string>>): Colors {
  const colors = assignColors(
    keys.filter((key) => Boolean(key)),
    dataColors,
  );
  const colored = [...colors].filter(([, color]) => color !== GREY).map(([key]) => key);
  const indices = new Map(colored.map((key, index) => [key, index]));
  return { of: (key) => colors.get(key) ?? GREY, indexOf: (key) => indices.get(key) ?? null, keys: colored };
}

/** Returns the colour of each class by its IRI: its own, or that of the nearest superclass. */
export function useClassColors(): ReadonlyMap<string, string> {
  const ontology = useOntology().data;
  return useMemo(() => classColors(ontology), [ontology]);
}

export function classColors(ontology: Pick<Ontology, "classes"> | undefined): Map<string, string> {
  const result = new Map<string, string>();
  const classes = new Map(ontology?.classes.map((term) => [term.iri, term]));
  const color = (iri: string, seen: ReadonlySet<string>): string | undefined => {
    const term = classes.get(iri);
    if (!term || seen.has(iri)) return undefined;
    if (term.color) return term.color;
    const above = (term.above ?? []) as readonly { iri: string }[];
    return above.map((next) => color(next.iri, new Set([...seen, iri]))).find(Boolean);
  };
  for (const iri of classes.keys()) result.set(iri, color(iri, new Set()) ?? GREY);
  return result;
}
